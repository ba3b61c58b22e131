package config

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

var errNoFiles = errors.New("directory holds no *.yaml, *.yml or *.json file")

// Stdin is the path that stands for standard input, which holds YAML or JSON.
const Stdin = "-"

// Files are documents as files hold them.
type Files struct {
	// Documents are in the order of the files. Of those with a mistake in
	// their shape they hold what could be read, so that the others, which may
	// refer to them, can be validated all the same; see Mistakes.
	Documents []Document
	// Problems are the mistakes of syntax and shape.
	Problems Problems

	// places are where the documents stand.
	places  []place
	sources []source
	// partial tells that documents are there which could not be read at all.
	partial bool
}

// place is a document's place: the source and the tree in it.
type place struct {
	source, tree int
	broken       bool
}

// source is a file's content.
type source struct {
	name  string
	data  []byte
	parse parser
}

// ReadFiles decodes all documents of the named files and directories, as Read
// does. The error is of type Problems; documents without a mistake are returned
// in any case.
func ReadFiles(paths ...string) ([]Document, error) {
	f := Read(nil, paths...)
	var documents []Document
	for i, d := range f.Documents {
		if !f.places[i].broken {
			documents = append(documents, d)
		}
	}
	return documents, f.Problems.Err()
}

// Read reads all documents of the named files and directories. Of a
// directory, *.yaml, *.yml and *.json are read in lexical order, also in
// sub-directories, but nothing whose name begins with a dot. A directory
// without any such file is a mistake, so that a mistyped path is not taken for
// an empty configuration. The path Stdin stands for stdin, which may be nil
// where it does not occur.
func Read(stdin io.Reader, paths ...string) *Files {
	f := new(Files)
	for _, path := range paths {
		if path == Stdin && stdin != nil {
			f.readFrom(stdin)
			continue
		}
		names, err := filesOf(path)
		if err != nil {
			f.unreadable(path, err)
		}
		for _, name := range names {
			f.readFile(name)
		}
	}
	f.Problems.sorted()
	return f
}

func (f *Files) readFile(name string) {
	data, err := os.ReadFile(name)
	if err != nil {
		f.unreadable(name, err)
		return
	}
	f.add(source{name, data, parserOf(name)})
}

func (f *Files) readFrom(stdin io.Reader) {
	data, err := io.ReadAll(stdin)
	if err != nil {
		f.unreadable("stdin", err)
		return
	}
	s := source{"stdin", data, parseYAML}
	if looksLikeJSON(data) {
		s.parse = parseJSONFile
	}
	f.add(s)
}

// looksLikeJSON tells JSON from a stream of YAML documents, of which some are
// JSON too.
func looksLikeJSON(data []byte) bool {
	data = bytes.TrimSpace(data)
	if bytes.HasPrefix(data, []byte("[")) {
		return true
	}
	inner, isObject := bytes.CutPrefix(data, []byte("{"))
	return isObject && bytes.HasPrefix(bytes.TrimSpace(inner), []byte(`"`)) && !bytes.Contains(data, []byte("\n---"))
}

func (f *Files) unreadable(name string, err error) {
	f.partial = true
	f.Problems = append(f.Problems, Problem{File: name, Message: err.Error()})
}

// add decodes a source.
func (f *Files) add(s source) {
	all, problems := decodeAll(s.name, s.data, s.parse)
	f.Problems = append(f.Problems, problems...)
	f.partial = f.partial || len(problems) > 0
	for i, d := range all {
		f.Problems = append(f.Problems, d.problems...)
		if d.document == nil {
			f.partial = true
			continue
		}
		f.Documents = append(f.Documents, d.document)
		f.places = append(f.places, place{len(f.sources), i, len(d.problems) > 0})
	}
	f.sources = append(f.sources, s)
}

// filesOf returns path itself, or the document files below it when it is a
// directory.
func filesOf(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	var files []string
	err = filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name != path && strings.HasPrefix(entry.Name(), "."):
			if entry.IsDir() {
				return fs.SkipDir
			}
		case !entry.IsDir() && isDocumentFile(name):
			files = append(files, name)
		}
		return nil
	})
	if err == nil && len(files) == 0 {
		return nil, errNoFiles
	}
	return files, err
}

func isDocumentFile(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".yaml", ".yml", ".json":
		return true
	}
	return false
}
