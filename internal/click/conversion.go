package click

// Conversion is what only a conversion has beside the fields of its click. All
// times are unix milliseconds; 0 is unknown.
type Conversion struct {
	// ClickTimeMS is when the attributed click came.
	ClickTimeMS int64
	// BeginInstallMS and FinishInstallMS are what the attribution provider
	// says about the install.
	BeginInstallMS, FinishInstallMS int64
	// ThirdPartyReason is the other platform's reason for a rejection.
	ThirdPartyReason string
}

// SessionMS is the time from click to conversion; ok is false when the click is
// not known. A conversion before its click has a negative one.
func (c *Click) SessionMS() (ms int64, ok bool) {
	return c.TimeMS - c.Conversion.ClickTimeMS, c.Conversion.ClickTimeMS != 0
}
