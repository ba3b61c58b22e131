package api

import (
	"testing"

	"github.com/danielgtaylor/huma/v2"
)

// The description leaves no field, parameter or operation without words.
func TestEverythingIsExplained(t *testing.T) {
	b := newBench(t)
	schemas := b.ask("GET", "/openapi.json", "").body["components"].(map[string]any)["schemas"].(map[string]any)
	for name, s := range schemas {
		properties, _ := s.(map[string]any)["properties"].(map[string]any)
		for field, p := range properties {
			if text, _ := p.(map[string]any)["description"].(string); text == "" {
				t.Errorf("%s.%s is not explained", name, field)
			}
		}
	}
	for path, item := range b.api.huma.OpenAPI().Paths {
		for method, op := range map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PATCH": item.Patch, "DELETE": item.Delete} {
			if op == nil {
				continue
			}
			if op.Summary == "" || op.Description == "" {
				t.Errorf("%s %s says %q and %q", method, path, op.Summary, op.Description)
			}
			for _, p := range op.Parameters {
				if p.Description == "" {
					t.Errorf("the parameter %s of %s %s is not explained", p.Name, method, path)
				}
			}
		}
	}
}
