package pdfdoc

import (
	"context"
	"slices"

	"okno/review/scan"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// What a document must not be able to do. A plain "go to page 1" on opening is fine, so OpenAction is not here.
var (
	refusedActions = []string{"JavaScript", "Launch", "GoToR", "GoToE", "SubmitForm", "ImportData", "Rendition",
		"Movie", "Sound", "RichMediaExecute", "GoTo3DView"}
	refusedAnnotations = []string{"RichMedia", "Movie", "Sound", "3D", "FileAttachment"}
	refusedTypes       = []string{"3D", "EmbeddedFile"}
)

// visitor looks at every object of the table once. References are not followed, so loops cannot catch it.
type visitor struct {
	pdf   *model.Context
	ctx   context.Context
	link  bool
	form  bool
	steps int
}

func (v *visitor) visit() error {
	numbers := make([]int, 0, len(v.pdf.Table))
	for n := range v.pdf.Table {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	for _, n := range numbers {
		if err := v.ctx.Err(); err != nil {
			return err
		}
		entry := v.pdf.Table[n]
		if entry == nil || entry.Free {
			continue
		}
		generation := 0
		if entry.Generation != nil {
			generation = *entry.Generation
		}
		// Dereference also unpacks objects that wait inside a compressed object stream.
		o, err := v.pdf.Dereference(*types.NewIndirectRef(n, generation))
		if err != nil {
			return broken(err, "an object")
		}
		if err := v.object(o, 0); err != nil {
			return err
		}
	}
	return nil
}

func (v *visitor) object(o types.Object, depth int) error {
	if depth > maxDepth {
		return refuse(scan.ReasonDecode, "nesting")
	}
	if v.steps++; v.steps > 4_000_000 {
		return refuse(scan.ReasonBomb, "too many objects")
	}
	switch o := o.(type) {
	case types.Dict:
		return v.dict(o, depth)
	case types.StreamDict:
		return v.stream(o, depth)
	case *types.StreamDict:
		if o != nil {
			return v.stream(*o, depth)
		}
	case types.ObjectStreamDict:
		return v.stream(o.StreamDict, depth)
	case *types.ObjectStreamDict:
		if o != nil {
			return v.stream(o.StreamDict, depth)
		}
	case types.XRefStreamDict:
		return v.stream(o.StreamDict, depth)
	case *types.XRefStreamDict:
		if o != nil {
			return v.stream(o.StreamDict, depth)
		}
	case types.Array:
		for _, e := range o {
			if err := v.object(e, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

func (v *visitor) dict(d types.Dict, depth int) error {
	action, subtype, kind := v.name(d, "S"), v.name(d, "Subtype"), v.name(d, "Type")
	switch {
	case slices.Contains(refusedActions, action):
		return refuse(scan.ReasonActiveContent, "action %s", action)
	case slices.Contains(refusedAnnotations, subtype):
		return refuse(scan.ReasonActiveContent, "annotation %s", subtype)
	case slices.Contains(refusedTypes, kind):
		return refuse(scan.ReasonActiveContent, "type %s", kind)
	}
	if action == "URI" {
		v.link = true
	}
	for key, value := range d {
		switch decoded(key) {
		case "JS", "JavaScript", "XFA", "RichMediaContent", "EF":
			if v.present(value) {
				return refuse(scan.ReasonActiveContent, "key %s", decoded(key))
			}
		case "EmbeddedFiles":
			if v.filled(value) {
				return refuse(scan.ReasonActiveContent, "attachment")
			}
		case "AcroForm":
			v.form = v.form || v.hasFields(value)
		}
		if err := v.object(value, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (v *visitor) stream(s types.StreamDict, depth int) error {
	if v.name(s.Dict, "Subtype") == "Image" || v.name(s.Dict, "Subtype") == "" {
		w, h := v.number(s.Dict, "Width", "W"), v.number(s.Dict, "Height", "H")
		if w > 0 && h > 0 && (w > 65_535 || h > 65_535 || w*h > maxImageArea) {
			return refuse(scan.ReasonDimensions, "picture of %.0f x %.0f", w, h)
		}
	}
	return v.dict(s.Dict, depth)
}

// name resolves one entry to a name with its escapes written out; empty for anything else.
func (v *visitor) name(d types.Dict, want string) string {
	o := v.entry(d, want)
	if n, ok := o.(types.Name); ok {
		return decoded(string(n))
	}
	return ""
}

func (v *visitor) entry(d types.Dict, want string) types.Object {
	o, ok := d[want]
	if !ok {
		for key, value := range d {
			if decoded(key) == want {
				o = value
				break
			}
		}
	}
	resolved, err := v.pdf.Dereference(o)
	if err != nil {
		return nil
	}
	return resolved
}

func (v *visitor) number(d types.Dict, names ...string) float64 {
	for _, n := range names {
		switch o := v.entry(d, n).(type) {
		case types.Integer:
			return float64(o)
		case types.Float:
			return float64(o)
		}
	}
	return 0
}

func (v *visitor) present(o types.Object) bool {
	resolved, err := v.pdf.Dereference(o)
	if err != nil {
		return true
	}
	switch r := resolved.(type) {
	case nil:
		return false
	case types.Dict:
		return len(r) > 0
	case types.Array:
		return len(r) > 0
	}
	return true
}

// filled tells whether a name tree holds anything. Some honest programs write an empty one.
func (v *visitor) filled(o types.Object) bool {
	resolved, err := v.pdf.Dereference(o)
	if err != nil {
		return true
	}
	d, ok := resolved.(types.Dict)
	if !ok {
		return resolved != nil
	}
	return v.present(v.entry(d, "Names")) || v.present(v.entry(d, "Kids"))
}

func (v *visitor) hasFields(o types.Object) bool {
	resolved, err := v.pdf.Dereference(o)
	if err != nil {
		return true
	}
	d, ok := resolved.(types.Dict)
	return ok && v.present(v.entry(d, "Fields"))
}

func (v *visitor) notes() []scan.Note {
	var notes []scan.Note
	note := func(is bool, r scan.Reason) {
		if is {
			notes = append(notes, scan.Note{Code: r, Level: scan.Attend})
		}
	}
	note(v.pdf.Encrypt != nil, scan.ReasonEncrypted)
	note(v.link, scan.ReasonLink)
	note(v.form, scan.ReasonForm)
	return notes
}

func decoded(name string) string {
	plain, err := types.DecodeName(name)
	if err != nil {
		return name
	}
	return plain
}
