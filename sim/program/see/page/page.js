// SPDX-License-Identifier: Apache-2.0
// Draws what the element "data" holds. Every chart has its numbers in a table below it.
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const page = document.getElementById("page");
const palette = ["#0072b2", "#e69f00", "#56b4e9", "#d55e00", "#cc79a7", "#8c6d31", "#6a51a3", "#17becf", "#bcbd22", "#7f7f7f"];
const fixed = { busy: "#009e73", startup: "#9aa0a6", drain: "#5f6368", output_space: "#cc79a7", readback: "#8c6d31" };

Chart.defaults.animation = false;
Chart.defaults.maintainAspectRatio = false;
Chart.defaults.font.family = "system-ui, sans-serif";

const whole = (value) => Math.round(value).toLocaleString("en-US");
const percent = (share) => (100 * share).toFixed(1) + "%";

function energy(pj) {
    const units = ["pJ", "nJ", "uJ", "mJ", "J"];
    let i = 0;
    while (pj >= 1000 && i < units.length - 1) { pj /= 1000; ++i; }
    return pj.toPrecision(3) + " " + units[i];
}

function seconds(s) {
    const units = [[1, "s"], [1e-3, "ms"], [1e-6, "us"], [1e-9, "ns"]];
    const [unit, name] = units.find(([u]) => s >= u) || units[3];
    return (s / unit).toPrecision(4) + " " + name;
}

function element(name, text, parent = page, attributes = {}) {
    const made = document.createElement(name);
    if (text !== undefined && text !== null) made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    parent.appendChild(made);
    return made;
}

function cards(figures) {
    const list = element("ul", null, page, { class: "cards" });
    for (const [name, value, id, bad] of figures) {
        const card = element("li", null, list, bad ? { class: "bad" } : {});
        element("b", value, card, id ? { id } : {});
        element("span", name, card);
    }
}

function table(head, rows, open, title) {
    const details = element("details");
    details.open = open;
    element("summary", title || "the numbers", details);
    const made = element("table", null, element("div", null, details, { class: "scroll" }));
    const top = element("tr", null, element("thead", null, made));
    for (const cell of head) element("th", cell, top, { scope: "col" });
    const body = element("tbody", null, made);
    for (const row of rows) {
        const line = element("tr", null, body);
        row.forEach((cell, i) => element(i ? "td" : "th", cell, line, i ? {} : { scope: "row" }));
    }
    return details;
}

function chart(label, height, settings) {
    const frame = element("div", null, page, { class: "chart", style: `height:${height}px` });
    const canvas = element("canvas", null, frame, { role: "img", "aria-label": label });
    return new Chart(canvas, settings);
}

/// Horizontal bars, stacked: `parts` is a map from a name to one number per label.
function stackedBars(label, labels, parts, colours, unit) {
    const names = Object.keys(parts).filter((name) => parts[name].some((value) => value > 0));
    chart(label, 96 + 26 * labels.length, {
        type: "bar",
        data: { labels, datasets: names.map((name) => ({ label: name, data: parts[name], backgroundColor: colours(name, names.indexOf(name)) })) },
        options: {
            indexAxis: "y",
            scales: { x: { stacked: true, title: { display: true, text: unit } }, y: { stacked: true } },
            plugins: { legend: { position: "bottom" } },
        },
    });
}

const stateColours = (names) => {
    const own = names.filter((name) => !(name in fixed));
    return (name) => fixed[name] || palette[own.indexOf(name) % palette.length];
};
const levelColours = (name, i) => palette[i % palette.length];

function states(result) {
    return { busy: result.cycle_breakdown.busy, ...result.cycle_breakdown.stall };
}

function verdict(result) {
    if (result.verified === null) return ["outputs", "data: off"];
    const wrong = result.verified.mismatches;
    return ["outputs", wrong === 0 ? "verified" : whole(wrong) + " differ", "verified", wrong !== 0];
}

function summary(result) {
    cards([
        ["cycles", whole(result.cycles), "cycles"],
        ["time", seconds(result.time_s)],
        ["MACs", whole(result.macs)],
        ["of what the array could do", percent(result.utilization), "utilization"],
        ["energy", energy(result.energy_pj), "energy"],
        ["power", result.power_w.toPrecision(3) + " W"],
        verdict(result),
    ]);
}

function cyclesSection(result) {
    element("h2", "Where the cycles went");
    const all = states(result);
    const names = Object.keys(all).filter((name) => all[name] > 0);
    const colours = stateColours(names);
    stackedBars("Cycles by cause", ["cycles"], Object.fromEntries(names.map((name) => [name, [all[name]]])), colours, "cycles");
    table(["", "cycles", "share"], names.map((name) => [name, whole(all[name]), percent(all[name] / result.cycles)]), true);
}

function energyParts(result) {
    const tensors = [...new Set(result.levels.flatMap((level) => Object.keys(level.tensors)))];
    const labels = result.levels.map((level) => level.name);
    return { tensors, labels };
}

function energySection(result) {
    element("h2", "Where the energy went");
    const rows = [...result.levels.map((level) => [level.name, level.energy_pj]),
        ...result.networks.map((network) => [network.from + " > " + network.to, network.energy_pj]), ["MAC", result.mac.energy_pj]]
        .filter(([, pj]) => pj > 0);
    if (!rows.length) return void element("p", "The architecture has no prices.");
    stackedBars("Energy by level", rows.map(([name]) => name), { energy: rows.map(([, pj]) => pj / 1e6) }, levelColours, "uJ");
    table(["", "energy", "share"], rows.map(([name, pj]) => [name, energy(pj), percent(pj / result.energy_pj)]), false);
}

function accessSection(result) {
    element("h2", "Accesses by level and tensor");
    const { tensors, labels } = energyParts(result);
    const words = (level, tensor) => {
        const counts = level.tensors[tensor];
        if (!counts) return 0;
        return counts.reads.to_child + counts.reads.to_parent + counts.writes.from_parent + counts.writes.from_child;
    };
    stackedBars("Words read and written", labels, Object.fromEntries(tensors.map((tensor) => [tensor, result.levels.map((level) => words(level, tensor))])), levelColours, "words read and written");
    const rows = [];
    for (const level of result.levels) {
        for (const [tensor, counts] of Object.entries(level.tensors)) {
            rows.push([level.name + ", " + tensor, whole(counts.reads.to_child), whole(counts.reads.to_parent), whole(counts.writes.from_parent), whole(counts.writes.from_child)]);
        }
    }
    table(["", "read, inwards", "read, outwards", "written, fill", "written, update"], rows, false);
}

function timelineSection(activity) {
    element("h2", "Over time");
    const length = activity.stretch_cycles, names = Object.keys(activity.array), colours = stateColours(names);
    const count = names.length ? activity.array[names[0]].length : 0;
    const labels = Array.from({ length: count }, (_, i) => whole(i * length));
    const cycles = (i) => Math.min(length, activity.cycles - i * length);
    chart("What the array did over time", 260, {
        type: "bar",
        data: { labels, datasets: names.map((name) => ({ label: name, backgroundColor: colours(name), barPercentage: 1, categoryPercentage: 1, data: activity.array[name].map((value, i) => 100 * value / cycles(i)) })) },
        options: {
            scales: { x: { stacked: true, ticks: { maxTicksLimit: 8, maxRotation: 0 }, title: { display: true, text: "cycle" } }, y: { stacked: true, max: 100, title: { display: true, text: "% of the array's cycles" } } },
            plugins: { legend: { position: "bottom" } },
        },
    });
    element("p", `Each bar is ${whole(length)} cycles. Below: how many slots of each buffer are taken, on average over the same cycles.`);
    const places = Object.keys(activity.slots);
    chart("Slots taken over time", 240, {
        type: "line",
        data: { labels, datasets: places.map((place, i) => ({ label: `${place} (of ${activity.slots[place].depth})`, data: activity.slots[place].taken, borderColor: palette[i % palette.length], borderDash: i % 3 ? [4, 2 * (i % 3)] : [], pointRadius: 0, borderWidth: 1.5 })) },
        options: {
            scales: { x: { ticks: { maxTicksLimit: 8, maxRotation: 0 }, title: { display: true, text: "cycle" } }, y: { beginAtZero: true, title: { display: true, text: "slots" } } },
            plugins: { legend: { position: "bottom" } },
        },
    });
}

function rooflineSection(roofline) {
    element("h2", "Roofline");
    const { macs_per_byte: x, macs_per_cycle: y, peak_macs_per_cycle: peak, bytes_per_cycle: slope } = roofline;
    const ridge = peak / slope, low = Math.min(x, ridge) / 8, high = Math.max(x, ridge) * 8;
    chart("Roofline", 280, {
        type: "scatter",
        data: { datasets: [
            { label: "bound", showLine: true, pointRadius: 0, borderColor: "#5f6368", data: [{ x: low, y: low * slope }, { x: ridge, y: peak }, { x: high, y: peak }] },
            { label: "this run", backgroundColor: "#d55e00", pointRadius: 6, data: [{ x, y }] },
        ] },
        options: { scales: { x: { type: "logarithmic", title: { display: true, text: "MACs per byte of the DRAM" } }, y: { type: "logarithmic", title: { display: true, text: "MACs per cycle" } } }, plugins: { legend: { position: "bottom" } } },
    });
    const bound = Math.min(peak, x * slope);
    element("p", `${y.toPrecision(4)} MACs per cycle, ${percent(y / bound)} of the bound of ${bound.toPrecision(4)}: ${x < ridge ? "memory" : "compute"}-bound.`);
}

function machineSection() {
    element("h2", "Machine and mapping");
    element("div", null, page, { class: "machine" }).innerHTML = data.svg;
    element("p", "Arrows: a tensor's tiles between who keeps them, words x slots.");
    const details = element("details");
    element("summary", "the loop nest", details);
    element("pre", data.nest, details);
}

function runPage(result) {
    element("h1", data.title);
    summary(result);
    if (data.svg) machineSection();
    cyclesSection(result);
    if (data.activity) timelineSection(data.activity);
    if (data.roofline) rooflineSection(data.roofline);
    energySection(result);
    accessSection(result);
}

function networkPage(result) {
    element("h1", data.title);
    summary(result.total);
    const layers = result.layers.filter((layer) => "cycles" in layer);
    const labels = layers.map((layer) => layer.name + (layer.repeat > 1 ? ` (x ${layer.repeat})` : ""));
    element("h2", "Cycles per layer");
    const names = [...new Set(layers.flatMap((layer) => Object.keys(states(layer)).filter((name) => states(layer)[name] > 0)))];
    stackedBars("Cycles per layer", labels, Object.fromEntries(names.map((name) => [name, layers.map((layer) => layer.repeat * (states(layer)[name] || 0))])), stateColours(names), "cycles");
    table(["layer", "MACs", "cycles", "utilization", "energy", "bottleneck"], layers.map((layer, i) =>
        [labels[i], whole(layer.macs * layer.repeat), whole(layer.cycles * layer.repeat), percent(layer.utilization), energy(layer.energy_pj * layer.repeat), layer.bottleneck || ""]), true);
    element("h2", "Energy per layer");
    const levels = result.total.levels.map((level) => level.name);
    const parts = Object.fromEntries(levels.map((name) => [name, layers.map((layer) => layer.repeat * ((layer.levels.find((level) => level.name === name) || {}).energy_pj || 0) / 1e6)]));
    parts.MAC = layers.map((layer) => layer.repeat * layer.mac.energy_pj / 1e6);
    stackedBars("Energy per layer", labels, parts, levelColours, "uJ");
    const others = result.layers.filter((layer) => !("cycles" in layer));
    if (others.length) {
        element("h2", "Not simulated");
        table(["layer", "what", "words", "MACs"], others.map((layer) => [layer.name, layer.elementwise ? layer.elementwise.type : layer.not_simulated.operator,
            layer.elementwise ? whole(layer.elementwise.read_words + layer.elementwise.written_words) : "-", layer.not_simulated ? whole(layer.not_simulated.macs) : "0"]), true);
    }
    cyclesSection(result.total);
    energySection(result.total);
}

function validationPage(validation) {
    element("h1", data.title);
    summary(validation.simulated);
    const models = Object.keys(validation.models);
    element("h2", "Models against simulation");
    for (const [what, key, unit] of [["Cycles", "cycles", 1], ["Energy, uJ", "energy_pj", 1e6]]) {
        const rows = [["simulated", validation.simulated[key]], ...models.filter((name) => typeof validation.models[name][key] === "number").map((name) => [name, validation.models[name][key]])];
        if (rows.some(([, value]) => value > 0)) stackedBars(what, rows.map(([name]) => name), { [what]: rows.map(([, value]) => value / unit) }, levelColours, what);
    }
    for (const model of models) {
        const rows = validation.differences.filter((d) => d.model === model && d.model_value !== d.simulated);
        element("h2", model);
        if (!rows.length) { element("p", "Equal to the simulation in all that it says."); continue; }
        table(["", "model", "simulated", "causes"], rows.map((d) => [[d.level, d.tensor, d.kind].filter(Boolean).join(", "), whole(d.model_value), whole(d.simulated),
            Object.entries(d.causes || {}).map(([cause, amount]) => `${cause} ${amount > 0 ? "+" : ""}${whole(amount)}`).join("; ")]), true, rows.length === 1 ? "1 figure differs" : `${rows.length} figures differ`);
    }
}

function sweepPage(sweep) {
    element("h1", data.title);
    element("p", `${sweep.points.length} points; those that nothing else beats in both cycles and energy are on the front.`);
    const points = sweep.points.map((point) => ({ x: point.cycles, y: point.energy_pj / 1e6, point }));
    const front = [];
    for (const p of [...points].sort((a, b) => a.x - b.x || a.y - b.y)) {
        if (!front.length || p.y < front[front.length - 1].y) front.push(p);
    }
    chart("Energy over cycles", 380, {
        type: "scatter",
        data: { datasets: [
            { label: "Pareto front", data: front, showLine: true, stepped: "before", borderColor: "#d55e00", backgroundColor: "#d55e00", pointRadius: 5 },
            { label: "points", data: points, backgroundColor: "#0072b2", pointRadius: 4 },
        ] },
        options: { scales: { x: { title: { display: true, text: "cycles" } }, y: { title: { display: true, text: "energy, uJ" } } },
            plugins: { legend: { position: "bottom" }, tooltip: { callbacks: { label: (item) => Object.entries(item.raw.point.settings).map(([key, value]) => `${key.split(".").slice(-2).join(".")} = ${value}`) } } } },
    });
    const keys = Object.keys((sweep.points[0] || { settings: {} }).settings);
    const best = new Set(front.map((p) => p.point));
    table([...keys, "cycles", "energy", "front"], sweep.points.map((point) => [...keys.map((key) => point.settings[key]), whole(point.cycles), energy(point.energy_pj), best.has(point) ? "yes" : ""]), true);
}

if (data.validation) validationPage(data.validation);
else if (data.sweep) sweepPage(data.sweep);
else if (data.result.schema === "accelsim-network-1") networkPage(data.result);
else runPage(data.result);
document.documentElement.dataset.drawn = "yes";
