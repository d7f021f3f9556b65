package seal

import (
	"container/list"
	"sync"
)

// shelf remembers the boxes used last. A buried owner stays as an empty place,
// so that a reader with an older view cannot put the box back.
type shelf struct {
	mu    sync.Mutex
	size  int
	order *list.List // of place, most recent first
	index map[Owner]*list.Element
}

type place struct {
	owner Owner
	box   *Box // nil: buried
}

func newShelf(size int) *shelf {
	return &shelf{size: size, order: list.New(), index: make(map[Owner]*list.Element)}
}

// take returns the box and whether anything is known about the owner.
func (s *shelf) take(owner Owner) (*Box, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, ok := s.index[owner]
	if !ok {
		return nil, false
	}
	s.order.MoveToFront(e)
	return e.Value.(*place).box, true
}

// put remembers a box unless something is already known about its owner.
func (s *shelf) put(owner Owner, box *Box) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.index[owner]; !ok {
		s.add(owner, box)
	}
}

// bury forgets the box for good.
func (s *shelf) bury(owner Owner) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e, ok := s.index[owner]; ok {
		e.Value.(*place).box = nil
		return
	}
	s.add(owner, nil)
}

func (s *shelf) add(owner Owner, box *Box) {
	s.index[owner] = s.order.PushFront(&place{owner, box})
	if s.order.Len() > s.size {
		last := s.order.Back()
		delete(s.index, s.order.Remove(last).(*place).owner)
	}
}
