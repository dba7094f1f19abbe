// SPDX-License-Identifier: Apache-2.0
// What the page's parts are made of: text, tables, charts. Colours are Okabe and Ito's, which most people can tell apart; what
// stands beside each other in a chart differs by its pattern, too.
"use strict";

const page = document.getElementById("page");
const palette = ["#0072b2", "#d55e00", "#56b4e9", "#e69f00", "#cc79a7", "#8c6d31", "#6a51a3", "#17becf", "#7f7f7f"];
const tensorPalette = ["#0072b2", "#d55e00", "#007a5a"]; // as in the picture of the machine
const fixed = { busy: "#009e73", startup: "#9aa0a6", drain: "#5f6368", output_space: "#cc79a7", readback: "#8c6d31" };
const dark = matchMedia("(prefers-color-scheme: dark)").matches;
const narrow = matchMedia("(max-width: 600px)").matches;

Chart.defaults.animation = false;
Chart.defaults.maintainAspectRatio = false;
Chart.defaults.font.family = "system-ui, sans-serif";
Chart.defaults.color = dark ? "#c3cad2" : "#4b535b";
Chart.defaults.borderColor = dark ? "#3a4149" : "#dde1e6";
Chart.defaults.plugins.legend.position = "bottom";

const whole = (value) => Math.round(value).toLocaleString("en-US");
const percent = (share) => (100 * share).toFixed(1) + "%";

function energy(pj, digits = 3) {
    const units = ["pJ", "nJ", "uJ", "mJ", "J"];
    let i = 0;
    while (Math.abs(pj) >= 1000 && i < units.length - 1) { pj /= 1000; ++i; }
    return Number(pj.toPrecision(digits)) + " " + units[i];
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

/// The last column is of text where the options say so: it stands left and is broken into lines.
function table(head, rows, { open = false, title = "the numbers", id, lastIsText = false } = {}) {
    const details = element("details");
    details.open = open;
    element("summary", title, details);
    const made = element("table", null, element("div", null, details, { class: "scroll", tabindex: "0" }), id ? { id } : {});
    if (lastIsText) made.className = "text";
    const top = element("tr", null, element("thead", null, made));
    for (const cell of head) element("th", cell, top, { scope: "col" });
    const body = element("tbody", null, made);
    for (const row of rows) {
        const line = element("tr", null, body);
        row.forEach((cell, i) => element(i ? "td" : "th", cell, line, i ? {} : { scope: "row" }));
    }
}

function chart(label, height, settings) {
    const frame = element("div", null, page, { class: "chart", style: `height:${height}px` });
    const canvas = element("canvas", null, frame, { role: "img", "aria-label": label + "; the numbers are in the table below" });
    return new Chart(canvas, settings);
}

/// The colour, plain for kind 0, else with one of three patterns on it.
function fill(colour, kind) {
    if (kind % 4 === 0) return colour;
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const pen = tile.getContext("2d");
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 8, 8);
    pen.strokeStyle = pen.fillStyle = "rgba(255, 255, 255, 0.7)";
    pen.lineWidth = 1.5;
    pen.beginPath();
    if (kind % 4 === 1) {
        for (const at of [-8, 0, 8]) { pen.moveTo(at - 1, 9); pen.lineTo(at + 9, -1); }
    } else if (kind % 4 === 2) {
        pen.moveTo(0, 4);
        pen.lineTo(8, 4);
    } else {
        pen.arc(4, 4, 1.2, 0, 7);
        pen.fill();
    }
    pen.stroke();
    return pen.createPattern(tile, "repeat");
}

const cycleAxis = { ticks: { maxTicksLimit: narrow ? 4 : 8, maxRotation: 0 }, title: { display: true, text: "cycle" } };

/// Horizontal bars, stacked: `parts` is a map from a name to one number per label.
function stackedBars(label, labels, parts, fills, unit) {
    const names = Object.keys(parts).filter((name) => parts[name].some((value) => value > 0));
    // On a phone the legend takes more lines.
    chart(label, 96 + 26 * labels.length + (narrow ? 16 * names.length : 0), {
        type: "bar",
        data: { labels, datasets: names.map((name) => ({ label: name, data: parts[name], backgroundColor: fills(name, names.indexOf(name)) })) },
        options: {
            indexAxis: "y",
            scales: { x: { stacked: true, ticks: { maxTicksLimit: narrow ? 4 : 11, maxRotation: 0 }, title: { display: true, text: unit } }, y: { stacked: true } },
            plugins: { legend: { display: names.length > 1 } },
        },
    });
}

const stateFills = (names) => {
    const own = names.filter((name) => !(name in fixed));
    return (name) => {
        const at = own.indexOf(name);
        if (at >= 0) return fill(palette[at % palette.length], 1 + (at % 3));
        return fill(fixed[name], name === "drain" ? 1 : name === "readback" ? 2 : name === "output_space" ? 3 : 0);
    };
};
const levelFills = (name, i) => fill(palette[i % palette.length], i);
const tensorFills = (name, i) => (name === "other" ? fill("#7f7f7f", 3) : fill(tensorPalette[i % 3], i));
