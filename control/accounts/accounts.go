// Package accounts knows who may use the control API: people, their keys, and
// what each of them may see and change. Accounts are documents in a bucket of
// their own, which no edge follows and no export holds.
package accounts

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/store"
)

// Bucket is the name of the KV bucket that holds the accounts.
const Bucket = "clickgate_accounts"

// Directory finds principals by their keys. It may be used by several
// goroutines.
type Directory struct {
	accounts, live *store.Store
	now            func() time.Time
}

// New returns a directory of the accounts in one store, whose publisher users
// belong to publishers of the live documents in another. A nil clock is the
// system's.
func New(accounts, live *store.Store, now func() time.Time) *Directory {
	if now == nil {
		now = time.Now
	}
	return &Directory{accounts: accounts, live: live, now: now}
}

// Store holds the accounts.
func (d *Directory) Store() *store.Store { return d.accounts }

// The reasons for which a request is let in by nobody (401) or by nobody of
// this kind (403).
var (
	ErrNoKey      = errors.New("no API key: send it in the header API-KEY, or as Authorization: Bearer")
	ErrUnknownKey = errors.New("the API key is not known")
	ErrTwoKeys    = errors.New("API-KEY and Authorization carry different keys")
	ErrNoAccess   = errors.New("the owner of the API key has no access")
)

// Authenticate finds who sends a request. The error is ErrNoKey, ErrTwoKeys,
// ErrUnknownKey, ErrNoAccess with its reason, or store.ErrUnavailable.
func (d *Directory) Authenticate(ctx context.Context, h http.Header) (Principal, error) {
	text, err := keyIn(h)
	if err != nil {
		return Principal{}, err
	}
	id, secret, ok := splitKey(text)
	if !ok {
		return Principal{}, ErrUnknownKey
	}
	snap, err := d.accounts.Load(ctx)
	if err != nil {
		return Principal{}, fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
	doc, _ := snap.Set.Get(config.Key{Kind: config.KindAPIKey, ID: id})
	key, ok := doc.(*config.APIKey)
	if !matches(key, secret) || !ok {
		return Principal{}, ErrUnknownKey
	}
	if key.Expired(d.now()) {
		return Principal{}, fmt.Errorf("%w: the key has expired", ErrNoAccess)
	}
	return d.owner(ctx, snap, key)
}

// keyIn is the key that a request carries.
func keyIn(h http.Header) (string, error) {
	key := strings.TrimSpace(h.Get("API-KEY"))
	scheme, token, _ := strings.Cut(h.Get("Authorization"), " ")
	if token = strings.TrimSpace(token); !strings.EqualFold(scheme, "Bearer") {
		token = ""
	}
	switch {
	case key == "" && token == "":
		return "", ErrNoKey
	case key != "" && token != "" && key != token:
		return "", ErrTwoKeys
	case key == "":
		return token, nil
	}
	return key, nil
}

// owner finds whom a key belongs to, and whether he may come in.
func (d *Directory) owner(ctx context.Context, snap store.Snapshot, key *config.APIKey) (Principal, error) {
	if key.PublisherUserID != "" {
		return d.publisherUser(ctx, snap, key)
	}
	doc, _ := snap.Set.Get(config.Key{Kind: config.KindUser, ID: key.UserID})
	user, ok := doc.(*config.User)
	switch {
	case !ok:
		return Principal{}, ErrUnknownKey
	case user.Status == "Deactivated":
		return Principal{}, fmt.Errorf("%w: the user is deactivated", ErrNoAccess)
	case !user.APIAccessEnabled:
		return Principal{}, fmt.Errorf("%w: api_access_enabled is off", ErrNoAccess)
	}
	return Principal{Key: key, User: user}, nil
}

func (d *Directory) publisherUser(ctx context.Context, snap store.Snapshot, key *config.APIKey) (Principal, error) {
	doc, _ := snap.Set.Get(config.Key{Kind: config.KindPublisherUser, ID: key.PublisherUserID})
	user, ok := doc.(*config.PublisherUser)
	if !ok {
		return Principal{}, ErrUnknownKey
	}
	if user.Status != "" && user.Status != "Active" {
		return Principal{}, fmt.Errorf("%w: the publisher user is %s", ErrNoAccess, strings.ToLower(user.Status))
	}
	live, err := d.live.Load(ctx)
	if err != nil {
		return Principal{}, fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
	doc, _ = live.Set.Get(config.Key{Kind: config.KindPublisher, ID: user.PublisherID})
	publisher, ok := doc.(*config.Publisher)
	if !ok || publisher.Archived || !publisher.Active {
		return Principal{}, fmt.Errorf("%w: the publisher is not active", ErrNoAccess)
	}
	return Principal{Key: key, PublisherUser: user, Publisher: publisher}, nil
}
