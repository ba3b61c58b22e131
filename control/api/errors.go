package api

import (
	"errors"
	"net/http"
	"strings"

	"go.uber.org/zap"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/problem"
	"github.com/clickgate/clickgate/control/schema"
)

// refused turns the problems of documents into mistakes of the request. The
// subjects are the documents that the request makes, by the part of the body
// that they came from ("body", "body.data[2]").
func refused(err error, subjects map[config.Key]subject) error {
	var problems config.Problems
	if !errors.As(err, &problems) {
		return err
	}
	var mistakes []problem.Detail
	status, detail := http.StatusUnprocessableEntity, "the rules refuse this"
	for _, p := range problems {
		d, own := locate(p, subjects)
		mistakes = append(mistakes, d)
		switch {
		case p.Taken:
			status, detail = http.StatusConflict, "a value that may occur once is taken"
		case !own:
			status, detail = http.StatusConflict, "the entity is in use"
		}
	}
	return problem.New(status, detail, mistakes...)
}

// subject is a document of a request.
type subject struct {
	location string
	body     any
}

// locate finds the place in the body that a problem is about; own is false
// when it is about a document that the request does not hold.
func locate(p config.Problem, subjects map[config.Key]subject) (d problem.Detail, own bool) {
	document, path, _ := strings.Cut(p.Path, ": ")
	kind, id, _ := strings.Cut(document, "/")
	s, own := subjects[config.Key{Kind: config.Kind(kind), ID: id}]
	if !own {
		return problem.Detail{Location: document, Message: "refers to it in " + path + "; without it: " + p.Message}, false
	}
	location := s.location
	if path != "" {
		location += "." + path
	}
	return problem.Detail{Location: location, Message: p.Message, Value: schema.At(s.body, path)}, true
}

// notFound hides whether an entity exists that is not the caller's.
func notFound(param, title, id string) error {
	return problem.New(http.StatusNotFound, "there is no such "+title,
		problem.Detail{Location: "path." + param, Message: "there is no " + title + " with this id", Value: id})
}

// forbidden says why the caller may not.
func forbidden(err error) error { return problem.New(http.StatusForbidden, err.Error()) }

func errorFields(c *call, err error) []zap.Field {
	return []zap.Field{zap.String("operation", c.op.OperationID), zap.String("who", c.who.Author()), zap.Error(err)}
}
