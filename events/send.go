package events

import "time"

// enough is how many waiting lines make a block worth its price before the
// pace allows the next one.
const enough = 64

// run is the one goroutine that sends, replays and spools.
func (l *Log) run() {
	defer close(l.stopped)
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		pause, finished := l.step(time.Now())
		if finished {
			return
		}
		timer.Reset(pause)
		select {
		case <-l.wake:
		case <-timer.C:
		case <-l.quit:
			l.shut()
			return
		}
	}
}

// step does what is due and tells how long nothing else will be.
func (l *Log) step(t time.Time) (pause time.Duration, finished bool) {
	l.mu.Lock()
	l.watch(t)
	send := l.collect(t)
	l.mu.Unlock()
	for _, b := range send {
		l.publish(b)
	}
	l.replayNext(t)
	l.spoolDue(t)

	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closing && l.idle() {
		l.closed = true
		return 0, true
	}
	return l.pause(t), false
}

// collect takes the blocks that may go out now and puts them in flight.
func (l *Log) collect(t time.Time) []*block {
	room := l.room(t)
	if room <= 0 {
		return nil
	}
	if l.openDue(t) {
		l.sealAll()
		l.lastSend = t
	}
	n := min(len(l.queue), room)
	send := make([]*block, n)
	copy(send, l.queue)
	l.queue = append(l.queue[:0], l.queue[n:]...)
	for _, b := range send {
		b.After = l.last
	}
	l.flight = append(l.flight, send...)
	return send
}

// openDue tells whether the open blocks are worth sending.
func (l *Log) openDue(t time.Time) bool {
	return l.openLines > 0 && (l.openLines >= enough || l.closing || t.Sub(l.lastSend) >= l.opt.Pace)
}

// room is how many more blocks may be in flight. While the log is away that is
// one at a time, to find out if it is back, and none where an old block does
// that.
func (l *Log) room(t time.Time) int {
	if !l.outage.on {
		return l.opt.MaxInFlight - len(l.flight)
	}
	old := len(l.failed) > 0 || l.replay.current != nil || !l.replay.drained
	if old || t.Before(l.outage.retry) {
		return 0
	}
	return 1 - len(l.flight)
}

func (l *Log) publish(b *block) {
	l.pub.Publish(&b.Message, func(sequence uint64, err error) { l.settle(b, sequence, err) })
}

// idle tells whether memory holds nothing that has to go out.
func (l *Log) idle() bool {
	return l.openLines == 0 && len(l.queue)+len(l.flight)+len(l.failed) == 0 && !l.replay.inMemory()
}

// shut takes no more lines.
func (l *Log) shut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	l.releaseAll()
}

// pause is the time until something is due that no nudge announces.
func (l *Log) pause(t time.Time) time.Duration {
	at := t.Add(time.Hour)
	sooner := func(u time.Time) {
		if u.Before(at) {
			at = u
		}
	}
	next := l.lastSend.Add(l.opt.Pace)
	l.pacing = next.After(t) && !l.outage.on
	if l.pacing {
		sooner(next)
	}
	if born, any := l.oldest(); any && l.well.Load() {
		sooner(born.Add(l.opt.AnswerWithin))
	}
	if l.waits(t) {
		sooner(l.outage.retry)
	}
	if l.needsSpool() {
		sooner(l.spoolTime())
	}
	if !l.replay.again.IsZero() {
		sooner(l.replay.again)
	}
	return max(at.Sub(t), minPause)
}

// minPause keeps a deadline that has passed from spinning.
const minPause = 50 * time.Microsecond
