// Draws the chart from the table that is on the page, so both always tell the same. Without scripts the table remains.
const style = getComputedStyle(document.documentElement);
const colour = (name) => style.getPropertyValue(name).trim();
const number = (cell) => (cell.classList.contains("small-cell") ? null : Number(cell.textContent));
const texts = (cells) => [...cells].map((cell) => cell.textContent.trim());
const font = { fontFamily: '"Source Sans 3", sans-serif', fontSize: 14, color: colour("--nicpet-ink") };

function crossOption(table) {
  const columns = texts(table.tHead.rows[0].cells).slice(1);
  const rows = [...table.tBodies[0].rows];
  const names = rows.map((row) => row.cells[0].textContent.trim());
  const cells = rows.flatMap((row, y) => [...row.cells].slice(1).map((cell, x) => [x, y, number(cell)]));
  const most = Math.max(1, ...cells.map((cell) => cell[2] ?? 0));
  return {
    height: 180 + names.length * 20,
    grid: { left: 8, right: 16, top: 16, bottom: 72, containLabel: true },
    xAxis: { type: "category", data: columns, axisLabel: font, splitArea: { show: true } },
    yAxis: { type: "category", data: names, inverse: true, axisLabel: { ...font, fontSize: 12, width: 170, overflow: "truncate" } },
    visualMap: { min: 0, max: most, calculable: true, orient: "horizontal", left: "center", bottom: 0, textStyle: font,
      inRange: { color: ["#e7f0f6", "#5d9bc4", "#10405f", "#06192a"] } },
    series: [{ type: "heatmap", data: cells.filter((cell) => cell[2] !== null), itemStyle: { borderColor: "#ffffff", borderWidth: 1 } }],
    tooltip: { renderMode: "richText", formatter: (at) => `${names[at.value[1]]}, ${columns[at.value[0]]}: ${at.value[2]}` },
  };
}

function longOption(table) {
  const rows = [...table.tBodies[0].rows].map((row) => [...row.cells]);
  const shown = rows.filter((cells) => number(cells.at(-1)) !== null);
  const names = shown.map((cells) => texts(cells.slice(0, -1)).join(", "));
  return {
    height: 90 + shown.length * 26,
    grid: { left: 8, right: 24, top: 8, bottom: 8, containLabel: true },
    xAxis: { type: "value", axisLabel: font },
    yAxis: { type: "category", data: names, inverse: true, axisLabel: { ...font, width: 240, overflow: "truncate" } },
    series: [{ type: "bar", data: shown.map((cells) => number(cells.at(-1))), itemStyle: { color: colour("--nicpet-brand") } }],
    tooltip: { renderMode: "richText" },
  };
}

// Each group a stepped line (colour and dash differ) in a band: from its lower limit, the height up to its upper one.
function curvesOption(table) {
  const groups = new Map();
  for (const { cells } of table.tBodies[0].rows) {
    const [, start, end, , , at, low, high] = [...cells].map(number);
    const name = cells[0].textContent.trim();
    if (!groups.has(name)) groups.set(name, [[start, 1, 1, 1]]);
    if (at !== null) groups.get(name).push([end, at, low ?? at, high ?? at]);
  }
  const looks = [["#10405f", "solid"], ["#9a3b00", [8, 5]]];
  const series = [...groups].flatMap(([name, points], place) => {
    const [color, type] = looks[place % looks.length];
    const band = { type: "line", step: "end", stack: `band ${name}`, symbol: "none", lineStyle: { opacity: 0 }, silent: true, tooltip: { show: false } };
    return [
      { ...band, name: `low ${name}`, data: points.map(([x, , low]) => [x, low]) },
      { ...band, name: `${table.dataset.band} ${name}`, data: points.map(([x, , low, high]) => [x, high - low]), areaStyle: { color, opacity: 0.16 }, itemStyle: { color } },
      { type: "line", step: "end", name, symbol: "none", data: points.map(([x, at]) => [x, at]), lineStyle: { color, type, width: 2.5 }, itemStyle: { color } },
    ];
  });
  const last = Math.max(...[...table.tBodies[0].rows].map((row) => number(row.cells[2])));
  return {
    height: 460,
    grid: { left: 16, right: 24, top: 56, bottom: 40, containLabel: true },
    legend: { data: [...groups.keys()], top: 8, textStyle: { ...font, fontSize: 16 }, itemWidth: 44 },
    xAxis: { type: "value", name: table.dataset.axisX, nameLocation: "middle", nameGap: 32, nameTextStyle: font, max: last, axisLabel: font },
    yAxis: { type: "value", name: table.dataset.axisY, nameTextStyle: font, min: 0, max: 1, axisLabel: font },
    series,
    tooltip: { renderMode: "richText", trigger: "axis", formatter: (at) => at.filter((one) => groups.has(one.seriesName)).map((one) => `${one.seriesName}, ${one.value[0]}: ${one.value[1]}`).join("\n") },
  };
}

const options = { cross: crossOption, curves: curvesOption, long: longOption };

function draw(table) {
  const place = document.getElementById(table.dataset.chart);
  const { height, ...option } = options[table.dataset.kind](table);
  place.hidden = false;
  place.style.blockSize = `${Math.min(height, 1400)}px`;
  const chart = echarts.init(place);
  chart.setOption({ animation: false, ...option });
  new ResizeObserver(() => chart.resize()).observe(place);
}

// A canvas takes the font that is there when it is drawn.
Promise.all([400, 600].map((weight) => document.fonts.load(`${weight} 14px "Source Sans 3"`))).finally(() => {
  document.querySelectorAll("table[data-chart]").forEach(draw);
});
