// SPDX-License-Identifier: Apache-2.0
// Draws what the element "data" holds. Every chart has its numbers in a table below it.
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);

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
    const names = causes(result);
    stackedBars("Cycles by cause", ["cycles"], Object.fromEntries(names.map((name) => [name, [all[name]]])), stateFills(names), "cycles");
    table(["", "cycles", "share"], names.map((name) => [name, whole(all[name]), percent(all[name] / result.cycles)]), { open: true, id: "cycles-table" });
}

/// By level and tensor; "other" is what belongs to no tensor: MACs, networks, a detailed DRAM.
function energySection(result) {
    element("h2", "Where the energy went");
    const rows = result.levels.map((level) => {
        const tensors = Object.fromEntries(Object.entries(level.tensors).filter(([, t]) => "energy_pj" in t).map(([name, t]) => [name, t.energy_pj]));
        return { name: level.name, pj: level.energy_pj, tensors };
    });
    for (const network of result.networks) rows.push({ name: network.from + " > " + network.to, pj: network.energy_pj, tensors: {} });
    rows.push({ name: "MAC", pj: result.mac.energy_pj, tensors: {} });
    const paid = rows.filter((row) => row.pj > 0);
    if (!paid.length) return void element("p", "The architecture has no prices.");
    const tensors = [...new Set(paid.flatMap((row) => Object.keys(row.tensors)))];
    const parts = Object.fromEntries(tensors.map((tensor) => [tensor, paid.map((row) => (row.tensors[tensor] || 0) / 1e6)]));
    parts.other = paid.map((row) => (Object.keys(row.tensors).length ? 0 : row.pj / 1e6));
    stackedBars("Energy by level and tensor", paid.map((row) => row.name), parts, tensorFills, "uJ");
    table(["", ...tensors, "all", "share"], paid.map((row) => [row.name, ...tensors.map((tensor) => (tensor in row.tensors ? energy(row.tensors[tensor]) : "")), energy(row.pj), percent(row.pj / result.energy_pj)]), { id: "energy-table" });
}

function accessSection(result) {
    element("h2", "Accesses by level and tensor");
    const tensors = [...new Set(result.levels.flatMap((level) => Object.keys(level.tensors)))];
    const labels = result.levels.map((level) => level.name);
    const words = (level, tensor) => {
        const counts = level.tensors[tensor];
        if (!counts) return 0;
        return counts.reads.to_child + counts.reads.to_parent + counts.writes.from_parent + counts.writes.from_child;
    };
    stackedBars("Words read and written", labels, Object.fromEntries(tensors.map((tensor) => [tensor, result.levels.map((level) => words(level, tensor))])), tensorFills, "words read and written");
    const rows = [];
    for (const level of result.levels) {
        for (const [tensor, counts] of Object.entries(level.tensors)) {
            rows.push([level.name + ", " + tensor, whole(counts.reads.to_child), whole(counts.reads.to_parent), whole(counts.writes.from_parent), whole(counts.writes.from_child)]);
        }
    }
    table(["", "read, inwards", "read, outwards", "written, fill", "written, update"], rows, { id: "access-table" });
}

/// Causes that occurred, in one order for all charts, so that each has one colour.
const causes = (result) => Object.keys(states(result)).filter((name) => states(result)[name] > 0);

function timelineSection(result, activity) {
    element("h2", "Over time");
    const names = causes(result).filter((name) => name in activity.array), fills = stateFills(causes(result));
    const length = activity.stretch_cycles;
    const count = names.length ? activity.array[names[0]].length : 0;
    const labels = Array.from({ length: count }, (_, i) => whole(i * length));
    const cycles = (i) => Math.min(length, activity.cycles - i * length);
    chart("What the array did over time", 260, {
        type: "bar",
        data: { labels, datasets: names.map((name) => ({ label: name, backgroundColor: fills(name), barPercentage: 1, categoryPercentage: 1, data: activity.array[name].map((value, i) => 100 * value / cycles(i)) })) },
        options: { scales: { x: { stacked: true, ...cycleAxis }, y: { stacked: true, max: 100, title: { display: true, text: "% of the array's cycles" } } } },
    });
    element("p", `Each bar is ${whole(length)} cycles. Below: the words that are taken in one instance of each buffer, on average over the same cycles. A slot is taken from the request for its tile until the tile is given back.`);
    const buffers = [...new Set(Object.values(activity.slots).filter((place) => place.buffer).map((place) => place.level))];
    for (const buffer of buffers) occupancyChart(buffer, labels, Object.entries(activity.slots).filter(([, place]) => place.level === buffer));
    table(["", "slots", "words per slot", "taken on average"], Object.entries(activity.slots).map(([name, place]) =>
        [name, whole(place.depth), whole(place.slot_words), percent(place.taken.reduce((sum, taken, i) => sum + taken * cycles(i), 0) / activity.cycles / place.depth)]));
}

function occupancyChart(buffer, labels, places) {
    chart(`Words taken in ${buffer} over time`, 200, {
        type: "line",
        data: { labels, datasets: places.map(([, place], i) => ({ label: place.tensor, data: place.taken.map((taken) => Math.min(taken * place.slot_words, place.room_words)), backgroundColor: fill(tensorPalette[place.number % 3], place.number), borderColor: tensorPalette[place.number % 3], fill: i ? "-1" : "origin", pointRadius: 0, borderWidth: 1, stepped: true })) },
        options: { scales: { x: { ...cycleAxis, title: { display: false } }, y: { stacked: true, beginAtZero: true, title: { display: true, text: "words" } } }, plugins: { title: { display: true, text: buffer, align: "start" } } },
    });
}

function rooflineSection(roofline) {
    element("h2", "Roofline");
    const { macs_per_byte: x, macs_per_cycle: y, peak_macs_per_cycle: peak, bytes_per_cycle: slope } = roofline;
    const ridge = peak / slope, low = Math.min(x, ridge) / 8, high = Math.max(x, ridge) * 8;
    chart("Roofline", 280, {
        type: "scatter",
        data: { datasets: [
            { label: "bound", showLine: true, pointRadius: 0, borderColor: "#7f7f7f", data: [{ x: low, y: low * slope }, { x: ridge, y: peak }, { x: high, y: peak }] },
            { label: "this run", backgroundColor: "#d55e00", pointStyle: "triangle", pointRadius: 8, data: [{ x, y }] },
        ] },
        options: { scales: { x: { type: "logarithmic", ticks: { maxTicksLimit: narrow ? 5 : 12 }, title: { display: true, text: "MACs per byte of the DRAM" } }, y: { type: "logarithmic", title: { display: true, text: "MACs per cycle" } } }, plugins: { legend: { labels: { usePointStyle: true } } } },
    });
    const bound = Math.min(peak, x * slope);
    element("p", `${y.toPrecision(4)} MACs per cycle, ${percent(y / bound)} of the bound of ${bound.toPrecision(4)}: ${x < ridge ? "memory" : "compute"}-bound.`);
}

function machineSection() {
    element("h2", "Machine and mapping");
    const both = element("div", null, page, { class: "machine" });
    element("div", null, both).innerHTML = data.svg;
    element("pre", data.nest, both, { tabindex: "0" });
    element("p", "Arrows: a tensor's tiles between who keeps them, words x slots. The loop nest has each tile where it is allocated.");
}

function runPage(result) {
    element("h1", data.title);
    summary(result);
    if (data.svg) machineSection();
    cyclesSection(result);
    if (data.activity) timelineSection(result, data.activity);
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
    const names = causes(result.total);
    stackedBars("Cycles per layer", labels, Object.fromEntries(names.map((name) => [name, layers.map((layer) => layer.repeat * (states(layer)[name] || 0))])), stateFills(names), "cycles");
    table(["layer", "MACs", "cycles", "utilization", "energy", "bottleneck"], layers.map((layer, i) =>
        [labels[i], whole(layer.macs * layer.repeat), whole(layer.cycles * layer.repeat), percent(layer.utilization), energy(layer.energy_pj * layer.repeat), layer.bottleneck || ""]), { open: true, id: "layers-table" });
    element("h2", "Energy per layer");
    const levels = result.total.levels.map((level) => level.name);
    const parts = Object.fromEntries(levels.map((name) => [name, layers.map((layer) => layer.repeat * ((layer.levels.find((level) => level.name === name) || {}).energy_pj || 0) / 1e6)]));
    parts.networks = layers.map((layer) => layer.repeat * layer.networks.reduce((sum, network) => sum + network.energy_pj, 0) / 1e6);
    parts.MAC = layers.map((layer) => layer.repeat * layer.mac.energy_pj / 1e6);
    stackedBars("Energy per layer", labels, parts, levelFills, "uJ");
    table(["layer", ...Object.keys(parts)], layers.map((layer, i) => [labels[i], ...Object.values(parts).map((part) => energy(part[i] * 1e6))]));
    const others = result.layers.filter((layer) => !("cycles" in layer));
    if (others.length) {
        element("h2", "Not simulated");
        table(["layer", "what", "words", "MACs"], others.map((layer) => [layer.name, layer.elementwise ? layer.elementwise.type : layer.not_simulated.operator,
            layer.elementwise ? whole(layer.elementwise.read_words + layer.elementwise.written_words) : "-", layer.not_simulated ? whole(layer.not_simulated.macs) : "0"]), { open: true });
    }
    cyclesSection(result.total);
    energySection(result.total);
}

function validationPage(validation) {
    element("h1", data.title);
    summary(validation.simulated);
    const models = Object.keys(validation.models);
    element("h2", "Models against simulation");
    const said = (name, key) => typeof validation.models[name][key] === "number";
    for (const [what, key, unit] of [["cycles", "cycles", 1], ["uJ", "energy_pj", 1e6]]) {
        const rows = [["simulated", validation.simulated[key]], ...models.filter((name) => said(name, key)).map((name) => [name, validation.models[name][key]])];
        if (rows.some(([, value]) => value > 0)) stackedBars(key, rows.map(([name]) => name), { [what]: rows.map(([, value]) => value / unit) }, levelFills, what);
    }
    const off = (name, key) => (said(name, key) && validation.simulated[key] > 0 ? percent(validation.models[name][key] / validation.simulated[key] - 1).replace(/^(?!-)/, "+") : "");
    table(["", "cycles", "off by", "energy", "off by"], [["simulated", whole(validation.simulated.cycles), "", energy(validation.simulated.energy_pj), ""],
        ...models.map((name) => [name, said(name, "cycles") ? whole(validation.models[name].cycles) : "-", off(name, "cycles"), said(name, "energy_pj") ? energy(validation.models[name].energy_pj) : "-", off(name, "energy_pj")])], { open: true, id: "models-table" });
    for (const model of models) {
        const rows = validation.differences.filter((d) => d.model === model && d.model_value !== d.simulated);
        element("h2", model);
        if (!rows.length) { element("p", "Equal to the simulation in all that it says."); continue; }
        const figure = (d, value) => (d.kind === "energy_pj" ? energy(value, 5) : whole(value));
        const signed = (d, amount) => (amount > 0 ? "+" : "") + figure(d, amount);
        table(["", "model", "simulated", "causes of the difference"], rows.map((d) => [[d.level, d.tensor, d.kind === "energy_pj" ? "energy" : d.kind].filter(Boolean).join(", "), figure(d, d.model_value), figure(d, d.simulated),
            Object.entries(d.causes || {}).map(([cause, amount]) => `${cause} ${signed(d, amount)}`).join("; ")]), { open: true, title: rows.length === 1 ? "1 figure differs" : `${rows.length} figures differ`, lastIsText: true });
    }
}

function sweepPage(sweep) {
    element("h1", data.title);
    element("p", `${sweep.points.length} points; those that nothing else beats in both cycles and energy are on the front.`);
    const points = sweep.points.map((point) => ({ x: point.cycles, y: point.energy_pj / 1e6, point }));
    const front = [];
    for (const p of [...points].sort((a, b) => a.x - b.x || a.y - b.y)) {
        const last = front[front.length - 1];
        if (!last || p.y < last.y || (p.y === last.y && p.x === last.x)) front.push(p);
    }
    chart("Energy over cycles", 380, {
        type: "scatter",
        data: { datasets: [
            { label: "Pareto front", data: front, showLine: true, stepped: "before", borderColor: "#d55e00", backgroundColor: "#d55e00", pointStyle: "rectRot", pointRadius: 7 },
            { label: "points", data: points, backgroundColor: "#0072b2", pointRadius: 4 },
        ] },
        options: { scales: { x: { ticks: { maxTicksLimit: narrow ? 4 : 11, maxRotation: 0 }, title: { display: true, text: "cycles" } }, y: { title: { display: true, text: "energy, uJ" } } },
            plugins: { legend: { labels: { usePointStyle: true } }, tooltip: { callbacks: { label: (item) => Object.entries(item.raw.point.settings).map(([key, value]) => `${key.split(".").slice(-2).join(".")} = ${value}`) } } } },
    });
    const keys = Object.keys([...sweep.points, ...sweep.without][0].settings);
    const names = keys.map((key) => key.split(".").slice(-2).join("."));
    const best = new Set(front.map((p) => p.point));
    const values = (point) => keys.map((key) => point.settings[key]);
    table([...names, "cycles", "energy", "front"], sweep.points.map((point) => [...values(point), whole(point.cycles), energy(point.energy_pj), best.has(point) ? "yes" : ""]), { open: true, id: "points-table" });
    if (!sweep.without.length) return;
    element("h2", "Without a result");
    table([...names, "", "why"], sweep.without.map((point) => [...values(point), point.state, point.message]), { open: true, id: "without-table", title: `${sweep.without.length} points`, lastIsText: true });
}

if (data.validation) validationPage(data.validation);
else if (data.sweep) sweepPage(data.sweep);
else if (data.result.schema === "accelsim-network-1") networkPage(data.result);
else runPage(data.result);
document.documentElement.dataset.drawn = "yes";
