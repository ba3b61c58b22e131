package api

import (
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/accounts"
	"github.com/clickgate/clickgate/control/problem"
	"github.com/clickgate/clickgate/control/store"
)

// keyOwner is a sort of users who have API keys.
type keyOwner struct {
	kind   config.Kind
	name   string
	path   string
	of     func(*config.APIKey) string
	assign func(*config.APIKey, string)
}

func keyOwners() []keyOwner {
	return []keyOwner{
		{
			kind: config.KindUser, name: "UserKey", path: "/api/v2/users/{userID}/api-keys",
			of: func(k *config.APIKey) string { return k.UserID }, assign: func(k *config.APIKey, id string) { k.UserID = id },
		},
		{
			kind: config.KindPublisherUser, name: "PublisherUserKey", path: "/api/v2/publishers/{publisherID}/users/{publisherUserID}/api-keys",
			of: func(k *config.APIKey) string { return k.PublisherUserID }, assign: func(k *config.APIKey, id string) { k.PublisherUserID = id },
		},
	}
}

// addKeys makes the endpoints of API keys, which no document describes.
func (a *API) addKeys() {
	longest := 100
	create := a.book.Define("APIKeyCreate", &huma.Schema{Type: huma.TypeObject, AdditionalProperties: false, Properties: map[string]*huma.Schema{
		"name":       {Type: huma.TypeString, MaxLength: &longest, Description: "What the key is for"},
		"read_only":  {Type: huma.TypeBoolean, Description: "The key changes nothing"},
		"expires_at": {Type: huma.TypeString, Format: "date-time", Description: "When the key ends; never when left out"},
	}})
	view := a.book.Define("APIKey", &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{
		"id": {Type: huma.TypeString}, "name": {Type: huma.TypeString}, "hint": {Type: huma.TypeString, Description: "The end of the key"},
		"read_only": {Type: huma.TypeBoolean}, "expires_at": {Type: huma.TypeString}, "created_at": {Type: huma.TypeString, Format: "date-time"},
	}})
	for _, o := range keyOwners() {
		r := &resource{
			kind: config.KindAPIKey, name: o.name, title: "API key", plural: "API keys", tag: "api-keys", path: o.path, param: "keyID", accounts: true,
			about: "Keys let programs in as their user. A key is shown once, when it is made; only a hash of it is kept.",
		}
		op := r.operation("create", http.MethodPost, o.path, "Make an API key", responses("201", "Created; the key is shown this once", &huma.Schema{
			Type:       huma.TypeObject,
			Properties: map[string]*huma.Schema{"created_item_id": {Type: huma.TypeString}, "key": {Type: huma.TypeString, Description: "The key"}},
		}))
		op.RequestBody = requestBody(create, "application/json")
		a.handle(op, func(c *call) error { return c.createKey(o, create) })
		list := r.operation("list", http.MethodGet, o.path, "List API keys", a.listOf(o.name, view))
		list.Parameters = pathParams(o.path)
		a.handle(list, func(c *call) error { return c.listKeys(o) })
		a.handle(r.operation("delete", http.MethodDelete, r.one(), "Revoke an API key", emptyBody), func(c *call) error { return c.deleteKey(o) })
	}
}

// owner is the user in the path. A user has a say over his own keys, an admin
// over those of his organization.
func (c *call) owner(o keyOwner, own store.Snapshot) (config.Document, error) {
	live, err := c.live()
	if err != nil {
		return nil, err
	}
	r := &resource{kind: o.kind, title: "user", param: "userID", accounts: true}
	if o.kind == config.KindPublisherUser {
		r.param, r.title = "publisherUserID", "publisher user"
		r.parents = []parent{{param: "publisherID", kind: config.KindPublisher}}
	}
	e, err := c.find(r, own, live)
	if err != nil {
		return nil, err
	}
	if e.Document.Key().ID != c.who.ID() && !c.who.Admin() {
		return nil, problem.New(http.StatusForbidden, "only an admin may see or change other users' keys")
	}
	return e.Document, nil
}

func (c *call) createKey(o keyOwner, s *huma.Schema) error {
	body, err := c.read(s)
	if err != nil {
		return err
	}
	given, _ := body.value.(map[string]any)
	k := config.APIKey{}
	k.Name, _ = given["name"].(string)
	k.ReadOnly, _ = given["read_only"].(bool)
	k.ExpiresAt, _ = given["expires_at"].(string)
	if err := c.inFuture(k.ExpiresAt); err != nil {
		return err
	}
	if c.who.ReadOnly() {
		return problem.New(http.StatusForbidden, "a read-only key makes no keys")
	}
	var shown, id string
	_, err = c.commit(&resource{accounts: true}, nil, func(own store.Snapshot) (store.Change, error) {
		owner, err := c.owner(o, own)
		if err != nil {
			return store.Change{}, err
		}
		key := k
		key.Organization = config.MetaOf(owner).Organization
		o.assign(&key, owner.Key().ID)
		var doc *config.APIKey
		shown, doc = accounts.NewKey(key)
		id = doc.ID
		change := c.change()
		change.Puts = []config.Document{doc}
		return change, nil
	})
	if err != nil {
		return err
	}
	return c.answer(http.StatusCreated, map[string]string{"created_item_id": id, "key": shown})
}

func (c *call) inFuture(text string) error {
	if text == "" {
		return nil
	}
	if t, err := time.Parse(time.RFC3339, text); err != nil || !t.After(c.Now()) {
		return problem.New(http.StatusBadRequest, "the body has mistakes",
			problem.Detail{Location: "body.expires_at", Message: "must be a time to come such as 2030-01-31T00:00:00Z", Value: text})
	}
	return nil
}

func (c *call) listKeys(o keyOwner) error {
	if err := c.noQuery(); err != nil {
		return err
	}
	own, err := c.Accounts.Store().Load(c.r.Context())
	if err != nil {
		return unavailable(err)
	}
	owner, err := c.owner(o, own)
	if err != nil {
		return err
	}
	keys := []map[string]any{}
	for doc := range own.Set.OfKind(config.KindAPIKey) {
		k := doc.(*config.APIKey)
		if o.of(k) != owner.Key().ID {
			continue
		}
		e, _ := own.Entry(k.Key())
		keys = append(keys, map[string]any{
			"id": k.ID, "name": k.Name, "hint": k.Hint, "read_only": k.ReadOnly, "expires_at": k.ExpiresAt, "created_at": stamp(e.CreatedAt),
		})
	}
	return c.answer(http.StatusOK, map[string]any{"data": keys})
}

func (c *call) deleteKey(o keyOwner) error {
	if c.who.ReadOnly() {
		return problem.New(http.StatusForbidden, "the API key is read-only")
	}
	_, err := c.commit(&resource{accounts: true}, nil, func(own store.Snapshot) (store.Change, error) {
		owner, err := c.owner(o, own)
		if err != nil {
			return store.Change{}, err
		}
		id := c.r.PathValue("keyID")
		e, ok := own.Entry(config.Key{Kind: config.KindAPIKey, ID: id})
		if !ok || o.of(e.Document.(*config.APIKey)) != owner.Key().ID {
			return store.Change{}, notFound("keyID", "API key", id)
		}
		if err := c.ifMatch(e); err != nil {
			return store.Change{}, err
		}
		change := c.change()
		change.Deletes = []config.Key{e.Document.Key()}
		return change, nil
	})
	if err != nil {
		return err
	}
	return c.done()
}

// noQuery refuses parameters where there are none.
func (c *call) noQuery() error {
	for name := range c.r.URL.Query() {
		return problem.New(http.StatusBadRequest, "the query has mistakes", problem.Detail{Location: "query." + name, Message: "unknown parameter; there are none here"})
	}
	return nil
}
