package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/clickgate/clickgate/control/accounts"
	"github.com/clickgate/clickgate/control/store"
)

func newAdminKey() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "admin-key",
		Short: "Give the super admin a new API key, when the old one is lost",
		Long: "Admin-key revokes the super admin's API keys and prints a new one. It is for those who\n" +
			"can reach the server's data folder or NATS, found through --config and --data-dir.",
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := loadSettings(cmd)
			if err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(cmd.Context(), commandTime)
			defer cancel()
			js, err := dialJetStream(s, "clickgate admin-key")
			if err != nil {
				return err
			}
			defer js.Conn().Close()
			people, err := store.Open(ctx, js, store.Options{Bucket: accounts.Bucket, Replicas: s.NATS.Replicas})
			if err != nil {
				return err
			}
			key, err := accounts.New(people, nil, nil).ResetAdminKey(ctx, userName())
			if err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), key)
			return nil
		},
	}
	addSettingsFlags(cmd, "data-dir", "nats-url")
	return cmd
}
