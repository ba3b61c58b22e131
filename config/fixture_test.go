package config

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// validYAML is the file that the tests change.
func validYAML(tb testing.TB) string {
	tb.Helper()
	data, err := os.ReadFile("testdata/valid.yaml")
	if err != nil {
		tb.Fatal(err)
	}
	return string(data)
}

// validSet is what the file says.
func validSet(tb testing.TB) *Set {
	tb.Helper()
	documents, err := ReadFiles("testdata/valid.yaml")
	if err != nil {
		tb.Fatal(err)
	}
	set, problems := NewSet(documents...)
	if problems != nil {
		tb.Fatal(problems)
	}
	return set
}

// decoded is the one document that text holds.
func decoded[T Document](tb testing.TB, text string) T {
	tb.Helper()
	documents, problems := Decode("test.yaml", []byte(text))
	if problems != nil || len(documents) != 1 {
		tb.Fatalf("want one document, got %d with problems %v from:\n%s", len(documents), problems, text)
	}
	return documents[0].(T)
}

// wantProblems compares problems, shown without the file, with what is wanted.
func wantProblems(tb testing.TB, problems Problems, want []string) {
	tb.Helper()
	for i := range problems {
		problems[i].File = ""
		if p := problems[i]; p.Taken != strings.Contains(p.Message, " is taken by ") {
			tb.Errorf("%s: Taken is %t", p, p.Taken)
		}
	}
	if got := problemTexts(problems); !slices.Equal(got, want) {
		tb.Errorf("problems:\n  %s\nwant:\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

func problemTexts(problems Problems) []string {
	var texts []string
	for _, p := range problems {
		texts = append(texts, p.String())
	}
	return texts
}
