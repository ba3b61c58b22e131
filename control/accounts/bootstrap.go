package accounts

import (
	"context"
	"errors"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/store"
)

// firstEmail is the login of the super admin that the first start makes.
const firstEmail = "admin@localhost.localdomain"

// errExists ends a bootstrap that came second.
var errExists = errors.New("there is a user already")

// Bootstrap makes the super admin and his first key where there is no user
// yet. Of several nodes that start at once one does. The key is shown this
// once; created tells whether there is one to show.
func (d *Directory) Bootstrap(ctx context.Context, organization string) (key string, created bool, err error) {
	_, err = d.accounts.Edit(ctx, config.Checks{}, func(snap store.Snapshot) (store.Change, error) {
		for range snap.Set.OfKind(config.KindUser) {
			return store.Change{}, errExists
		}
		if organization == "" {
			organization = "default"
		}
		user := &config.User{
			Meta:  config.Meta{ID: NewID(), Organization: organization},
			Email: firstEmail, Role: "admin", Status: "Active", SuperAdmin: true, APIAccessEnabled: true,
		}
		var doc *config.APIKey
		key, doc = NewKey(config.APIKey{Meta: config.Meta{Organization: organization}, UserID: user.ID, Name: "first key"})
		return store.Change{Puts: []config.Document{user, doc}, Author: "first start", Comment: "super admin and first key"}, nil
	})
	switch {
	case errors.Is(err, errExists):
		return "", false, nil
	case err != nil:
		return "", false, err
	}
	return key, true, nil
}

// ResetAdminKey gives the super admin a new key and revokes his old ones: for
// an operator who has lost them and reaches the store.
func (d *Directory) ResetAdminKey(ctx context.Context, author string) (key string, err error) {
	_, err = d.accounts.Edit(ctx, config.Checks{}, func(snap store.Snapshot) (store.Change, error) {
		user := superAdmin(snap.Set)
		if user == nil {
			return store.Change{}, errors.New("there is no super admin yet: the first start of a control node makes him")
		}
		change := store.Change{Author: author, Comment: "new key of the super admin"}
		for doc := range snap.Set.OfKind(config.KindAPIKey) {
			if doc.(*config.APIKey).UserID == user.ID {
				change.Deletes = append(change.Deletes, doc.Key())
			}
		}
		active := *user
		active.Status, active.APIAccessEnabled = "Active", true
		var doc *config.APIKey
		key, doc = NewKey(config.APIKey{Meta: config.Meta{Organization: user.Organization}, UserID: user.ID, Name: "reset key"})
		change.Puts = []config.Document{&active, doc}
		return change, nil
	})
	return key, err
}

func superAdmin(set *config.Set) *config.User {
	for doc := range set.OfKind(config.KindUser) {
		if user := doc.(*config.User); user.SuperAdmin {
			return user
		}
	}
	return nil
}
