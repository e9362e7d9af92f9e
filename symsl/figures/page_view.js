// Sliders, numbers and pictures.

const range = (first, last, step, digits) =>
    Array.from({length: Math.floor((last - first)/step + 1e-9) + 1}, (_, i) => (first + i*step).toFixed(digits));
const CHOICES = {
    L: [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512].map(String),
    beta: range(0.1, 3, 0.1, 1),
    eta: ["0.001", "0.002", "0.005", "0.01", "0.02", "0.05", "0.1", "0.2", "0.3", "0.5", "0.7", "1", "1.2", "1.5",
        "1.7", "1.9"],
    M: range(2, 16, 1, 0),
    alpha: ["0.01", "0.1", "0.3", "1", "3", "10", "30", "100", "300", "1000", "3000", "10000", "100000"],
};
const START = {L: "64", beta: "1.0", eta: "0.1", M: "2", alpha: "10"};
const DIGITS = 12;
const minus = number => String(number).replace("-", "−");
const SVG = "http://www.w3.org/2000/svg";
const chosen = name => CHOICES[name][document.getElementById(name).value];

// Pictures: a panel knows its frame and its scales.

const WIDTH = 430, HEIGHT = 345, LEFT = 68, RIGHT = 12, TOP = 74, BOTTOM = 48, TITLE = 15, LEGEND = 16;
const logarithm = {map: Math.log10, ticks: (low, high) => {
    const first = Math.ceil(Math.log10(low) - 1e-9), last = Math.floor(Math.log10(high) + 1e-9);
    const every = Math.ceil((last - first)/6);
    return range(first, last, 1, 0).map(Number).filter(power => (power - first) % every === 0)
        .map(power => [Math.pow(10, power), ["10", minus(power)]]);
}};
const linear = {map: value => value, ticks: (low, high) => {
    const step = [1, 2, 5].flatMap(unit => [unit*1e-3, unit]).sort((p, q) => p - q).find(s => (high - low)/s <= 8);
    return range(low, high, step, step < 1 ? 3 : 0).map(text => [Number(text), [text, ""]]);
}};

function element(parent, kind, attributes, text) {
    const made = document.createElementNS(SVG, kind);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    if (text !== undefined) made.textContent = text;
    parent.append(made);
    return made;
}

// Text in which ^{...} and _{...} are raised and lowered and *...* is italic.
function label(parent, text, attributes) {
    const line = element(parent, "text", attributes);
    let shift = 0;
    for (const [part, kind, inner] of text.matchAll(/([\^_])\{([^}]*)\}|\*[^*]+\*|[^*^_]+/g)) {
        const to = kind === "^" ? -6 : kind === "_" ? 4 : 0;
        const italic = part.startsWith("*");
        element(line, "tspan", {dy: to - shift, "font-size": kind ? "0.75em" : "1em",
            "font-style": italic ? "italic" : "normal"}, kind ? inner : part.replaceAll("*", ""));
        shift = to;
    }
    return line;
}

function panel(id, {x, y, xscale = logarithm, yscale = logarithm, xlabel, ylabel, title}) {
    const svg = document.getElementById(id);
    svg.replaceChildren();
    svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
    const place = (scale, [low, high], from, to) => value =>
        from + (to - from)*(scale.map(value) - scale.map(low))/(scale.map(high) - scale.map(low));
    const px = place(xscale, x, LEFT, WIDTH - RIGHT), py = place(yscale, y, HEIGHT - BOTTOM, TOP);
    const clip = element(element(svg, "clipPath", {id: `${id}-clip`}), "rect",
        {x: LEFT, y: TOP, width: WIDTH - LEFT - RIGHT, height: HEIGHT - TOP - BOTTOM});
    const inside = element(svg, "g", {"clip-path": `url(#${clip.parentNode.id})`});
    element(svg, "rect", {x: LEFT, y: TOP, width: WIDTH - LEFT - RIGHT, height: HEIGHT - TOP - BOTTOM, class: "frame"});
    for (const [value, [base, power]] of xscale.ticks(...x)) {
        element(svg, "path", {class: "tick", d: `M${px(value)} ${HEIGHT - BOTTOM}v-5`});
        label(svg, power === "" ? base : `${base}^{${power}}`,
            {x: px(value), y: HEIGHT - BOTTOM + 17, "text-anchor": "middle"});
    }
    for (const [value, [base, power]] of yscale.ticks(...y)) {
        element(svg, "path", {class: "tick", d: `M${LEFT} ${py(value)}h5`});
        label(svg, power === "" ? base : `${base}^{${power}}`, {x: LEFT - 6, y: py(value) + 5, "text-anchor": "end"});
    }
    label(svg, xlabel, {x: (LEFT + WIDTH - RIGHT)/2, y: HEIGHT - 8, "text-anchor": "middle", class: "axis"});
    const middle = (TOP + HEIGHT - BOTTOM)/2;
    label(svg, ylabel, {transform: `translate(15 ${middle}) rotate(-90)`, "text-anchor": "middle", class: "axis"});
    label(svg, title, {x: LEFT, y: TITLE, class: "title"});
    let legends = 0;
    const drawable = (u, v) => Number.isFinite(px(u)) && Number.isFinite(py(v));
    return {
        line(points, {color, dash = "", width = 2, name}) {
            const d = points.filter(([u, v]) => drawable(u, v))
                .map(([u, v], i) => `${i ? "L" : "M"}${px(u).toFixed(2)} ${py(v).toFixed(2)}`).join("");
            const style = {stroke: color, "stroke-dasharray": dash, "stroke-width": width, fill: "none"};
            if (d) element(inside, "path", {...style, d});
            if (!name) return;
            const height = TITLE + LEGEND*++legends;
            element(svg, "path", {...style, d: `M${LEFT} ${height}h26`});
            label(svg, name, {x: LEFT + 32, y: height + 4});
        },
        shade: ([low, high]) => element(inside, "rect",
            {x: px(low), width: Math.max(0, px(high) - px(low)), y: TOP, height: HEIGHT, fill: COLOURS.WINDOW}),
        point: (u, v, color, filled = true) => element(inside, "circle", {cx: px(u), cy: py(v), r: filled ? 5 : 3,
            fill: filled ? color : "#fff", stroke: color, "stroke-width": 1.5}),
    };
}

const grid = (low, high, count) => Array.from({length: count}, (_, i) => low*Math.pow(high/low, i/(count - 1)));

function drawCurve(found, alpha) {
    const x = [1e-2, 1e6], times = grid(...x, 161);
    const here = panel("curve", {x, y: [1e-8, 2], xlabel: "*α*", ylabel: "generalization error *ε*_{g}",
        title: "(a) linear network: learning curve"});
    here.shade(found.window);
    const from = 3*found.window[0], to = found.window[1]/3, height = 2*found.firstOrder(from);
    here.line(times.map(t => [t, found.exact(t)]), {color: COLOURS.EXACT, name: "Eq. (6), exact in η"});
    here.line(times.map(t => [t, found.firstOrder(t)]),
        {color: COLOURS.FIRST_ORDER, dash: "7 4", name: "Eq. (8), first order in η"});
    if (to > 3*from) here.line([from, to].map(t => [t, height*Math.pow(t/from, found.exponent)]),
        {color: COLOURS.GUIDE, dash: "3 3", width: 1.5, name: `slope −β/(1+β) = ${minus(found.exponent.toFixed(3))}`});
    here.point(alpha, found.exact(alpha), COLOURS.EXACT);
}

// Eq. (115) is laid on from the moment on the plateau where R_ii and R_in differ by a twentieth of R*, if there is one.
function drawPlateau(found, M) {
    const here = panel("plateau", {x: [1e-2, 1e8], y: [1e-8, 2], xlabel: "*α*",
        ylabel: "generalization error *ε*_{g}", title: "(b) erf network: plateau, escape and end"});
    here.line(found.erf, {color: COLOURS.EQUATIONS, name: "Eq. (93), solved"});
    here.line([[1e-2, found.height], [1e8, found.height]],
        {color: COLOURS.FIRST_ORDER, dash: "3 3", width: 1.5, name: "height of the plateau, Eq. (99)"});
    const start = found.erf.find(([, , difference]) => difference > found.R/20);
    const rests = start && Math.abs(start[1]/found.height - 1) < 0.05;
    const left = alpha => found.leaving(alpha, start[0], start[2]*(M - 1)/M);
    const times = rests ? grid(start[0], start[0] + 20*found.tau, 400).filter(t => left(t) > found.height/10) : [];
    here.line(times.map(t => [t, left(t)]), {color: COLOURS.FIRST_ORDER, dash: "7 4",
        name: rests ? "escape, Eqs. (15), (115)" : "no plateau to escape from here"});
}

function drawEscape(found, L, M) {
    const sizes = CHOICES.L.map(Number);
    const here = panel("escape", {x: [0.8, 640], y: [1e-2, 1e6], xlabel: "*L*", ylabel: "escape time *τ*_{esc}",
        title: `(c) erf network: escape time, M = ${M}`});
    const taus = sizes.map(size => [size, found.escape(M, size)]);
    here.line(taus, {color: COLOURS.FIRST_ORDER, name: "Eq. (15)"});
    here.line([[16, 512]].flatMap(([p, q]) => [[p, 3*found.escape(M, p)], [q, 3*found.escape(M, p)*p/q]]),
        {color: COLOURS.GUIDE, dash: "3 3", width: 1.5, name: "slope −1"});
    here.point(L, found.tau, COLOURS.FIRST_ORDER);
}

function drawHeight(found, M) {
    const units = CHOICES.M.map(Number);
    const here = panel("height", {x: [1, 17], y: [0, 0.009], xscale: linear, yscale: linear, xlabel: "*M*",
        ylabel: "height of the plateau", title: "(d) erf network: height of the plateau"});
    const heights = units.map(unit => [unit, plateau_height(unit, D)]);
    here.line(heights, {color: COLOURS.FIRST_ORDER, width: 1, name: "Eq. (99)"});
    for (const [unit, height] of heights) here.point(unit, height, COLOURS.FIRST_ORDER, unit === M);
}

// Numbers, each with the command that certifies it.

function show(name, value, command) {
    document.getElementById(`value-${name}`).textContent = value.toPrecision(DIGITS);
    document.getElementById(`command-${name}`).textContent = `symsl eval ${command} --digits ${DIGITS}`;
}

function update() {
    const text = Object.fromEntries(Object.keys(CHOICES).map(name => [name, chosen(name)]));
    const given = Object.fromEntries(Object.entries(text).map(([name, value]) => [name, Number(value)]));
    for (const [name, value] of Object.entries(text)) document.getElementById(`chosen-${name}`).textContent = value;
    history.replaceState(null, "", `#${new URLSearchParams(text)}`);
    const found = theory(given);
    const law = `L=${text.L} beta=${text.beta}`, {eta, M, alpha} = text;
    show("exact", found.exact(given.alpha), `6 ${law} eta=${eta} alpha=${alpha}`);
    show("first-order", found.firstOrder(given.alpha), `8 ${law} eta=${eta} alpha=${alpha}`);
    show("window-low", found.window[0], `scaling-window ${law} eta=${eta}`);
    show("window-high", found.window[1], `scaling-window ${law} eta=${eta}`);
    show("height", found.height, `99 M=${M}`);
    show("R", found.R, `13 M=${M}`);
    show("Q", found.Q, `13 M=${M}`);
    show("escape", found.tau, `15 M=${M} ${law} eta=${eta}`);
    drawCurve(found, given.alpha);
    drawPlateau(found, given.M);
    drawEscape(found, given.L, given.M);
    drawHeight(found, given.M);
}

// The address may hold the settings, as #L=64&beta=0.5; the nearest that the sliders have are taken.
function readAddress() {
    const asked = new URLSearchParams(location.hash.slice(1));
    for (const [name, values] of Object.entries(CHOICES)) {
        const wanted = Number(asked.get(name) ?? START[name]);
        const distance = value => Math.abs(Number(value) - (Number.isFinite(wanted) ? wanted : START[name]));
        const slider = document.getElementById(name);
        slider.max = values.length - 1;
        slider.value = values.reduce((best, value, i) => distance(value) < distance(values[best]) ? i : best, 0);
    }
    update();
}

for (const name of Object.keys(CHOICES)) document.getElementById(name).addEventListener("input", update);
addEventListener("hashchange", readAddress);
readAddress();
