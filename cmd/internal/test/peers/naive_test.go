//go:build bench

package peers

import (
	"context"
	"encoding/json"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/NimbleMarkets/ntcharts/v2/linechart/timeserieslinechart"
	"github.com/NimbleMarkets/ntcharts/v2/sparkline"
	"github.com/redis/go-redis/v9"
)

// naive is the dashboard as the libraries' documentation would have it: a
// message a tick, encoding/json, a view of lipgloss boxes and ntcharts models
// made anew. It shows less than ticktop: quotes with sparklines, the account
// and the equity chart.
type naive struct {
	rdb     *redis.Client
	ticks   <-chan *redis.Message
	quotes  map[string]*naiveQuote
	account map[string]string
	equity  []timeserieslinechart.TimePoint
	w, h    int
}

type naiveQuote struct {
	Bid  float64 `json:"bid"`
	Ask  float64 `json:"ask"`
	prev float64
	hist []float64
}

type (
	naiveTick *redis.Message
	naivePoll struct {
		account map[string]string
		equity  []timeserieslinechart.TimePoint
	}
)

func runNaive(url string) error {
	o, err := redis.ParseURL(url)
	if err != nil {
		return err
	}
	rdb := redis.NewClient(o)
	ps := rdb.PSubscribe(context.Background(), "ticks:*")
	_, err = tea.NewProgram(&naive{rdb: rdb, ticks: ps.Channel(), quotes: map[string]*naiveQuote{}}).Run()
	return err
}

func (n *naive) Init() tea.Cmd { return tea.Batch(n.wait, n.poll) }

func (n *naive) wait() tea.Msg { return naiveTick(<-n.ticks) }

func (n *naive) poll() tea.Msg {
	ctx := context.Background()
	acc, _ := n.rdb.HGetAll(ctx, "account:ACC-1001").Result()
	zs, _ := n.rdb.ZRangeWithScores(ctx, "equity:ACC-1001", 0, -1).Result()
	p := naivePoll{account: acc}
	for _, z := range zs {
		_, v, _ := strings.Cut(fmt.Sprint(z.Member), ":")
		f, _ := strconv.ParseFloat(v, 64)
		p.equity = append(p.equity, timeserieslinechart.TimePoint{Time: time.Unix(int64(z.Score), 0), Value: f})
	}
	return p
}

func (n *naive) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case naiveTick:
		sym := strings.TrimPrefix(msg.Channel, "ticks:")
		q := n.quotes[sym]
		if q == nil {
			q = &naiveQuote{}
			n.quotes[sym] = q
		}
		q.prev = q.Bid
		_ = json.Unmarshal([]byte(msg.Payload), q)
		if q.hist = append(q.hist, q.Bid); len(q.hist) > 24 {
			q.hist = q.hist[1:]
		}
		return n, n.wait
	case naivePoll:
		n.account, n.equity = msg.account, msg.equity
		return n, tea.Tick(time.Second, func(time.Time) tea.Msg { return n.poll() })
	case tea.WindowSizeMsg:
		n.w, n.h = msg.Width, msg.Height
	case tea.KeyPressMsg:
		if msg.String() == "q" {
			return n, tea.Quit
		}
	}
	return n, nil
}

var (
	naiveUp   = lipgloss.NewStyle().Foreground(lipgloss.Color("12"))
	naiveDown = lipgloss.NewStyle().Foreground(lipgloss.Color("11"))
	naiveBox  = lipgloss.NewStyle().Border(lipgloss.RoundedBorder()).BorderForeground(lipgloss.Color("8"))
	naiveCell = lipgloss.NewStyle().Width(11).Align(lipgloss.Right)
)

func (n *naive) View() tea.View {
	names := make([]string, 0, len(n.quotes))
	for s := range n.quotes {
		names = append(names, s)
	}
	sort.Strings(names)
	rows := []string{"SYMBOL          BID        ASK"}
	for _, s := range names {
		q := n.quotes[s]
		st, arrow := naiveUp, "▲"
		if q.Bid < q.prev {
			st, arrow = naiveDown, "▼"
		}
		lo, hi := q.hist[0], q.hist[0]
		for _, v := range q.hist {
			lo, hi = min(lo, v), max(hi, v)
		}
		sp := sparkline.New(24, 1, sparkline.WithStyle(st))
		for _, v := range q.hist {
			sp.Push((v - lo) / (hi - lo + 1e-12))
		}
		sp.Draw()
		rows = append(rows, lipgloss.JoinHorizontal(lipgloss.Top, fmt.Sprintf("%-8s", s),
			naiveCell.Inherit(st).Render(strconv.FormatFloat(q.Bid, 'f', -1, 64)), " ", st.Render(arrow),
			naiveCell.Render(strconv.FormatFloat(q.Ask, 'f', -1, 64)), "  ", sp.View()))
	}
	left := naiveBox.Width(80).Render(lipgloss.JoinVertical(lipgloss.Left, rows...))
	lc := timeserieslinechart.New(76, 20, timeserieslinechart.WithStyle(naiveUp))
	for _, p := range n.equity {
		lc.Push(p)
	}
	lc.DrawBraille()
	fields := make([]string, 0, len(n.account))
	for k, v := range n.account {
		fields = append(fields, fmt.Sprintf("%-20s %s", k, naiveCell.Render(v)))
	}
	sort.Strings(fields)
	right := lipgloss.JoinVertical(lipgloss.Left, naiveBox.Render(lc.View()), naiveBox.Width(78).Render(lipgloss.JoinVertical(lipgloss.Left, fields...)))
	v := tea.NewView(lipgloss.JoinHorizontal(lipgloss.Top, left, right))
	v.AltScreen = true
	return v
}
