// Draws each chart from the JSON beside it with uPlot; every number comes with its text, so nothing is formatted here.
"use strict";

(() => {
  const HEIGHT = 230;
  const PAPER_WIDTH = 660;
  const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3]];
  const drawn = [];
  const hidden = new Set();

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  function lowest(data) {
    const known = data.lines.flatMap((line) => line.values).filter((value) => value !== null);
    const all = [...known, data.target, ...(data.ahead ? [data.ahead.lowest] : [])];
    return Math.max(0, Math.floor(Math.min(...all) / 20 - 0.25) * 20);
  }

  // The rows of the forecast: nothing before the last known month, then straight lines to the last month.
  function aheadRows(data) {
    const last = data.months.length - 1;
    return ["expected", "lowest", "highest"].map((name) =>
      data.months.map((_, step) => {
        if (!data.ahead || step < data.ahead.from) return null;
        const share = (step - data.ahead.from) / (last - data.ahead.from);
        return data.ahead.start + (data.ahead[name] - data.ahead.start) * share;
      }),
    );
  }

  function lineSeries(line, place, last) {
    const stroke = colour(`--line-${place % 6}`);
    return {
      label: line.name,
      stroke,
      width: line.unit === "" ? 3 : 1.75,
      dash: DASHES[place % DASHES.length],
      points: { show: true, size: line.unit === "" ? 8 : 6, fill: stroke },
      show: !hidden.has(line.unit),
      value: (_, __, ___, step) => line.texts[step ?? last],
    };
  }

  function options(data, width) {
    const ink = colour("--muted");
    const quiet = { stroke: colour("--ink"), width: 1.25, points: { show: false } };
    const last = data.months.length - 1;
    const grid = { stroke: colour("--rule"), width: 1 };
    const font = "13px system-ui, sans-serif";
    return {
      width,
      height: HEIGHT,
      scales: {
        x: { time: false, range: () => [-0.25, last + 0.25] },
        y: { range: () => [lowest(data), 102] },
      },
      axes: [
        {
          stroke: ink, grid: { show: false }, ticks: { show: false }, font, size: 30,
          splits: () => data.months.map((_, step) => step),
          values: (_, steps) => steps.map((step) => (width < 480 && step % 2 ? "" : data.months[step])),
        },
        { stroke: ink, grid, ticks: { show: false }, font, size: 52, values: (_, values) => values.map((value) => `${value}%`) },
      ],
      cursor: { drag: { x: false, y: false }, y: false },
      legend: { live: true, markers: { width: 0, fill: (chart, place) => chart.series[place].stroke() } },
      series: [
        { label: "Kỳ", value: (_, step) => data.months[step ?? data.last] },
        ...data.lines.map((line, place) => lineSeries(line, place, data.last)),
        { ...quiet, label: "Mục tiêu", dash: [6, 4], value: () => data.targetText },
        ...(data.ahead
          ? [
              { ...quiet, label: `Dự báo ${data.months[last]}`, stroke: colour("--line-0"), dash: [2, 4],
                value: () => data.ahead.text },
              { ...quiet, label: "Thấp nhất", stroke: "transparent", class: "silent" },
              { ...quiet, label: "Cao nhất", stroke: "transparent", class: "silent" },
            ]
          : []),
      ],
      bands: data.ahead
        ? [{ series: [data.lines.length + 4, data.lines.length + 3], fill: colour("--band") }]
        : [],
    };
  }

  function draw(place, isForPaper) {
    const { host, data } = place;
    if (place.chart) place.chart.destroy();
    const rows = [
      data.months.map((_, step) => step),
      ...data.lines.map((line) => line.values),
      data.months.map(() => data.target),
      ...(data.ahead ? aheadRows(data) : []),
    ];
    place.width = isForPaper ? Math.min(host.clientWidth, PAPER_WIDTH) : host.clientWidth;
    place.chart = new uPlot(options(data, place.width), rows, host);
  }

  function redraw() {
    for (const place of drawn) draw(place, false);
  }

  function resize() {
    for (const place of drawn) if (place.host.clientWidth !== place.width) draw(place, false);
  }

  // Paper is white, whatever the screen is.
  function turn(isForPaper) {
    document.documentElement.classList.toggle("light", isForPaper);
    for (const place of drawn) draw(place, isForPaper);
  }

  function choose(event) {
    if (event.target.checked) hidden.delete(event.target.value);
    else hidden.add(event.target.value);
    for (const { chart, data } of drawn)
      data.lines.forEach((line, place) => chart.setSeries(place + 1, { show: !hidden.has(line.unit) }));
  }

  for (const source of document.querySelectorAll("script[data-for]")) {
    const place = { host: document.getElementById(source.dataset.for), data: JSON.parse(source.textContent) };
    drawn.push(place);
    draw(place, false);
  }

  const choice = document.getElementById("chon-duong");
  if (choice) {
    choice.hidden = false;
    choice.addEventListener("change", choose);
  }
  window.addEventListener("resize", resize);
  window.addEventListener("beforeprint", () => turn(true));
  window.addEventListener("afterprint", () => turn(false));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
})();
