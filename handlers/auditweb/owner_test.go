package auditweb_test

import "okno/db/seal"

func ownerOf(account string) seal.Owner { return seal.Owner{Kind: seal.Account, ID: account} }
