package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/clickgate/clickgate/control/store"
	"github.com/clickgate/clickgate/internal/boot"
	"github.com/clickgate/clickgate/internal/clickid"
)

func newRotateClickKey() *cobra.Command {
	force := false
	cmd := &cobra.Command{
		Use:   "rotate-click-key",
		Short: "Sign click ids with a new key from now on",
		Long: "Rotate-click-key makes a new key for click ids. Every edge takes it over live and signs with\n" +
			"it some seconds later. Ids of the former key stay good, those of the key before it do not:\n" +
			"their clicks could no longer convert. So a second rotation is refused until the ids of the\n" +
			"key before the former one are older than attribution.click_days.",
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := loadSettings(cmd)
			if err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(cmd.Context(), commandTime)
			defer cancel()
			key, err := rotateClickKey(ctx, s, force)
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "ids are signed with a new key from %s on; those of the former key stay good\n",
				key.Created.Add(clickid.SettleTime).Local().Format(time.DateTime))
			return nil
		},
	}
	cmd.Flags().BoolVar(&force, "force", false, "rotate although ids of clicks that may still convert are refused from then on, as after a leak")
	addSettingsFlags(cmd, "data-dir", "nats-url")
	return cmd
}

// rotateClickKey returns the new key.
func rotateClickKey(ctx context.Context, s boot.Settings, force bool) (clickid.Key, error) {
	js, err := dialJetStream(s, "clickgate rotate-click-key")
	if err != nil {
		return clickid.Key{}, err
	}
	defer js.Conn().Close()
	window := time.Duration(s.Attribution.ClickDays) * 24 * time.Hour
	var keys clickid.Keys
	err = store.NewSecrets(js, store.SecretsOptions{Replicas: s.NATS.Replicas}).Update(ctx, clickIDSecret, func(data []byte) ([]byte, error) {
		if err := json.Unmarshal(data, &keys); err != nil {
			return nil, err
		}
		now := time.Now()
		if good := keys.Current.Created.Add(window); !force && !keys.Previous.IsZero() && now.Before(good) {
			return nil, fmt.Errorf("the key was rotated on %s: clicks from before that may convert until %s, and would be refused; --force rotates all the same",
				keys.Current.Created.Local().Format(time.DateOnly), good.Local().Format(time.DateOnly))
		}
		keys = keys.Rotate(now)
		return json.Marshal(keys)
	})
	if err != nil {
		return clickid.Key{}, fmt.Errorf("rotate the key of click ids: %w", err)
	}
	return keys.Current, nil
}
