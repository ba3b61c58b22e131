package edge

import "context"

func (v *conversion) rejectEarlier(ctx context.Context) (Outcome, error) { return Outcome{}, errLater }
