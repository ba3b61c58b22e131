// Package filters judges clicks, impressions and conversions: a chain of fraud
// filters, one file a filter, and the registry that lists them. A filter sees a
// click and the memory of its own; it never sees HTTP, the event log or the
// clock.
//
// The filters of a group are compiled together, a chain for each plane, because
// some look at one plane and judge another: conversion rates need clicks to be
// counted. Judge runs the chains, Record counts what became of the click, and
// Explain judges without leaving a trace and tells how.
package filters

import (
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/filters/state"
	"github.com/clickgate/clickgate/internal/click"
)

// Outcome is what a filter found.
type Outcome uint8

// The outcomes. Unknown means that the filter lacked what it needs (no
// database, no parameter); it never rejects and invert does not change it.
const (
	Pass Outcome = iota
	Hit
	Unknown
)

// outcomeNames are the values of the metric's label.
var outcomeNames = [...]string{Pass: "pass", Hit: "hit", Unknown: "unknown"}

// String is the outcome in metrics and messages: pass, hit or unknown.
func (o Outcome) String() string { return outcomeNames[o] }

// Result is the answer of one check.
type Result struct {
	Outcome Outcome
	// Suspicious tells that the click met the filter's condition, whatever its
	// threshold let through (C2). A Hit is suspicious without saying so.
	Suspicious bool
	// SurplusSubID tells that the publisher uses too many sub ids (C3), and
	// UnifiedSubID what the advertiser gets instead; empty is no change.
	SurplusSubID bool
	// Reasons are set on a Hit; none stands for the type's first.
	Reasons click.ReasonSet
	// Detail says more for the event row; static text or a view into the click.
	Detail       string
	UnifiedSubID string
}

// A Filter judges clicks. Check is called from many goroutines at once. It
// does not block, log, count or change the click, and allocates nothing; the
// only thing it may write is its state, and that only for clicks that count.
type Filter interface {
	Check(c *click.Click) Result
}

// Env is what a filter is built with.
type Env struct {
	Plane click.Plane
	// Scope names the group the filter stands in ("integration/demo",
	// "filter_group/abc"). Filters of the same scope, plane and type share
	// their state across reloads.
	Scope string
	State *state.Memory
}

// namespace is where the keys of a filter's rule begin.
func (e Env) namespace(kind click.Filter, rule string) state.Key {
	return e.State.Namespace(e.Scope, string(planes[e.Plane]), kind.String(), rule)
}

// Type describes one filter of the registry.
type Type struct {
	// Code is the type in list form (CLICK_FLOODING); Name is the key in
	// object form (click_flooding).
	Code, Name string
	// Doc is one sentence for people; Example is a settings object.
	Doc, Example string
	Planes       []click.Plane
	// Reasons are all reasons the filter may give; the first stands for an
	// inverted hit.
	Reasons []click.Reason
	// New decodes settings strictly and builds the filter. It starts nothing
	// and touches no state. Problems carry paths relative to the settings.
	New func(settings config.Raw, env Env) (Filter, config.Problems)
}
