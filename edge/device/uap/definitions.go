package uap

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"

	"go.yaml.in/yaml/v3"
)

// definitions is uap-core's regexes.yaml.
type definitions struct {
	Browsers []definition `yaml:"user_agent_parsers"`
	Systems  []definition `yaml:"os_parsers"`
	Devices  []definition `yaml:"device_parsers"`
}

// definition is one rule of any of the three lists.
type definition struct {
	Regex string `yaml:"regex"`
	Flag  string `yaml:"regex_flag"`

	Family string `yaml:"family_replacement"`
	V1     string `yaml:"v1_replacement"`
	V2     string `yaml:"v2_replacement"`
	V3     string `yaml:"v3_replacement"`

	OS   string `yaml:"os_replacement"`
	OSV1 string `yaml:"os_v1_replacement"`
	OSV2 string `yaml:"os_v2_replacement"`
	OSV3 string `yaml:"os_v3_replacement"`
	OSV4 string `yaml:"os_v4_replacement"`

	Device string `yaml:"device_replacement"`
	Brand  string `yaml:"brand_replacement"`
	Model  string `yaml:"model_replacement"`
}

func readDefinitions(data []byte) (*definitions, error) {
	d := &definitions{}
	if err := yaml.Unmarshal(data, d); err != nil {
		return nil, fmt.Errorf("uap: read rules: %w", err)
	}
	if len(d.Browsers) == 0 || len(d.Systems) == 0 || len(d.Devices) == 0 {
		return nil, errors.New("uap: the rules must hold user_agent_parsers, os_parsers and device_parsers, as uap-core's regexes.yaml does")
	}
	return d, nil
}

// The replacements of a rule, with uap-core's defaults, in the order of the
// fields of Browser, OS and Device.

func (d *definition) browser() []string {
	return []string{or(d.Family, "$1"), or(d.V1, "$2"), or(d.V2, "$3"), or(d.V3, "$4")}
}

func (d *definition) system() []string {
	return []string{or(d.OS, "$1"), or(d.OSV1, "$2"), or(d.OSV2, "$3"), or(d.OSV3, "$4"), or(d.OSV4, "$5")}
}

func (d *definition) device() []string {
	return []string{or(d.Device, "$1"), d.Brand, or(d.Model, "$1")}
}

func or(s, instead string) string {
	if s == "" {
		return instead
	}
	return s
}

// rule is a compiled definition.
type rule struct {
	need need
	// trim tells that white space around the fields is cut off.
	trim bool
	// program and templates, or re and replacements for what only package
	// regexp can do.
	program      *program
	templates    []template
	re           *regexp.Regexp
	replacements []string
}

func newRule(d *definition, replacements []string) (*rule, error) {
	if d.Regex == "" {
		return nil, errors.New("regex is missing")
	}
	expr := d.Regex
	if d.Flag != "" {
		expr = "(?" + d.Flag + ")" + expr
	}
	tree, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil, fmt.Errorf("regex %q: %w", expr, err)
	}
	r := &rule{need: requires(tree), replacements: replacements}
	if r.build(tree) {
		return r, nil
	}
	r.program = nil
	if r.re, err = regexp.Compile(expr); err != nil {
		return nil, fmt.Errorf("regex %q: %w", expr, err)
	}
	return r, nil
}

// build makes the program; false when only package regexp will do.
func (r *rule) build(tree *syntax.Regexp) bool {
	for _, s := range r.replacements {
		t, ok := newTemplate(s)
		if !ok {
			return false
		}
		r.templates = append(r.templates, t)
	}
	var ok bool
	r.program, ok = compile(tree)
	return ok
}

// apply fills in the fields when the rule matches the text.
func (r *rule) apply(x *text, m *matcher, fields []string) bool {
	switch {
	case r.program == nil:
		if !r.applySlow(x.raw, fields) {
			return false
		}
	case m.match(r.program, x.s):
		for i := range fields {
			fields[i] = r.templates[i].expand(x, m.caps)
		}
	default:
		return false
	}
	for i := range fields {
		if r.trim {
			fields[i] = strings.TrimSpace(fields[i])
		}
	}
	return true
}

func (r *rule) applySlow(raw string, fields []string) bool {
	places := r.re.FindStringSubmatchIndex(raw)
	if places == nil {
		return false
	}
	for i := range fields {
		fields[i] = string(r.re.ExpandString(nil, r.replacements[i], raw, places))
	}
	return true
}
