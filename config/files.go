package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

var errNoFiles = errors.New("directory holds no *.yaml, *.yml or *.json file")

// ReadFiles decodes all documents of the named files and directories. Of a
// directory, *.yaml, *.yml and *.json are read in lexical order, also in
// sub-directories, but nothing whose name begins with a dot. The error is of
// type Problems and tells the mistakes of all files together; a directory
// without any such file is one, so that a mistyped path is not taken for an
// empty configuration.
func ReadFiles(paths ...string) ([]Document, error) {
	var documents []Document
	var problems Problems
	for _, path := range paths {
		files, err := filesOf(path)
		if err != nil {
			problems = append(problems, Problem{File: path, Message: err.Error()})
		}
		for _, file := range files {
			found, mistakes := readFile(file)
			documents = append(documents, found...)
			problems = append(problems, mistakes...)
		}
	}
	return documents, problems.sorted().Err()
}

func readFile(path string) ([]Document, Problems) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, Problems{{File: path, Message: err.Error()}}
	}
	return Decode(path, data)
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
