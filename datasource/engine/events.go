package engine

import (
	"fmt"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/datasource/store"
)

// eventLog is what has happened and is to be published.
type eventLog []store.Event

func safeText(s string) datasource.Safe { return datasource.Clean(s, datasource.MaxCell) }

func (e *Engine) sourceEvent(s datasource.SourceID, now time.Time, from, to datasource.Light, text string, level datasource.Level) {
	e.events = append(e.events, store.Event{Event: datasource.Event{
		At: now, Subject: safeText(s.String()), From: safeText(from.String()), To: safeText(to.String()), Text: safeText(text), Level: level,
	}})
	e.o.Logger.Info("source", "source", s.String(), "from", from.String(), "to", to.String(), "text", text)
}

// statusEvents logs the sources whose status has changed. A subscription that is
// back is logged when its keys are re-read.
func (e *Engine) statusEvents(old, now *[datasource.NumSources]datasource.Status, at time.Time) {
	for i := range now {
		s, from, to := datasource.SourceID(i), old[i].Light, now[i].Light
		if from == to {
			continue
		}
		text, level := "", datasource.LevelInfo
		switch to {
		case datasource.LightIdle, datasource.LightConnecting, datasource.LightOff:
			continue
		case datasource.LightUp:
			if s == datasource.SourcePubSub {
				if !e.pubsub.gapEnded.IsZero() {
					continue
				}
				text = fmt.Sprintf("%d channels", now[i].Channels)
			}
		case datasource.LightDegraded:
			text, level = now[i].Fault.Error(), datasource.LevelWarning
			if now[i].Fault.Channels != nil { // everybody reads this, and not everybody may know their names
				text = "some channels are refused"
			}
		case datasource.LightDown:
			text, level = now[i].Fault.Error(), datasource.LevelCritical
		}
		e.sourceEvent(s, at, from, to, text, level)
	}
}

// addChange logs a change of d's state that is its own: not one that follows
// from a whole source being away, which has its own event, and not the moment
// between an expiry and the API's answer.
func (l *eventLog) addChange(d *datum, v *decision, src sourceState, now time.Time) {
	whole := d.isKey() && src.redis != nil || !d.isKey() && src.pubsub != nil
	confirming := (v.fault == nil || v.fault == errSuspended) && !d.key.missing // past its deadline, being read again
	passing := v.state == datasource.StateStale && (d.apiPending || confirming)
	if v.state == d.loggedState || v.state == datasource.StateLoading || whole || passing {
		return
	}
	from := d.loggedState
	d.loggedState = v.state
	if from == datasource.StateLoading && v.state == datasource.StateLive {
		return
	}
	level, text := datasource.LevelWarning, v.reason
	switch {
	case v.state == datasource.StateLive:
		level, text = datasource.LevelInfo, "from "+v.origin.String()
	case v.state == datasource.StateFallback:
		level = datasource.LevelInfo
	case d.api.fault != nil:
		text += "; api: " + d.api.fault.Error()
	}
	l.addEvent(d, now, from.String(), v.state.String(), text, level)
}

// addEvent logs what happened to d.
func (l *eventLog) addEvent(d *datum, now time.Time, from, to, text string, level datasource.Level) {
	*l = append(*l, store.Event{Slot: d.slot, Event: datasource.Event{
		At: now, From: safeText(from), To: safeText(to), Text: safeText(text), Level: level,
	}})
}

// watchSilence finds the channels that are silent past their usual cadence.
// A channel that never sent a message has no cadence.
func (e *Engine) watchSilence(now time.Time) {
	if !e.pubsub.subscribed {
		return
	}
	e.inbox.eachCadence(func(name string, c cadence) {
		at, ok := c.quietAt()
		if !ok || now.Before(at) {
			return
		}
		for _, d := range e.byChannel[name] {
			if !d.quiet {
				d.quiet, d.lastHeard = true, c.heard
				e.markDirty(d)
				text := fmt.Sprintf("silent for %s (usual: %s)", format.Span(now.Sub(c.heard)), format.Span(c.usual))
				e.events.addEvent(d, now, "live", "quiet", text, datasource.LevelWarning)
			}
		}
	})
}

// endSilence ends a silence of d, if there is one, and logs it.
func (l *eventLog) endSilence(d *datum, now time.Time) {
	if d.quiet {
		d.quiet = false
		l.addEvent(d, now, "quiet", "live", "speaks again", datasource.LevelInfo)
	}
}
