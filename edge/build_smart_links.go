package edge

import "github.com/clickgate/clickgate/config"

// removeSmartLink takes a smart link out as it was.
func (b *builder) removeSmartLink(key config.Key) {
	doc, ok := b.before.Get(key)
	if !ok {
		return
	}
	was := doc.(*config.SmartLink)
	if in := b.opened(was.Integration); in != nil {
		in.smartLinks.Remove(idsOfSmartLink(was))
	}
}

// smartLink files a smart link as it is.
func (b *builder) smartLink(key config.Key) {
	doc, ok := b.after.Get(key)
	if !ok {
		return
	}
	is := doc.(*config.SmartLink)
	if in := b.opened(is.Integration); in != nil {
		in.smartLinks.Add(idsOfSmartLink(is), newSmartLink(is))
	}
}
