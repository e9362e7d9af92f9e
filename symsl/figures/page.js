// What the page shows as numbers. The functions it calls come from the catalogue.

const SIGMA_J = 1/100;
const D = 0, D2 = 0;       // orthogonal teachers, T_nm = u_l delta_nm

// The rates a_k, and D_k at each of them. A rate is sought from the nearer of the two poles that enclose it (the last
// one from zero, if that is nearer), so that no distance is a difference of nearly equal numbers.
function rates(eta, lambda) {
    const L = lambda.length, a = [], slope = [];
    const distances = (origin, x) => lambda.map((value, j) =>
        origin === null ? 2*eta*value - x : j === origin ? -x : 2*eta*(value - lambda[origin]) - x);
    for (let k = 0; k < L; k++) {
        const half = eta*(lambda[k] - (k + 1 < L ? lambda[k + 1] : 0));
        const above = secular(eta, distances(k, -half), lambda) <= 0;
        const origin = above ? k : k + 1 < L ? k + 1 : null;
        // Times x the pole is gone: at x = 0 its residue is left.
        const f = x => (origin === null ? 1 : x)*secular(eta, distances(origin, x), lambda);
        const atZero = origin === null ? f(0) : -Math.pow(lambda[origin], 2);
        const x = root(f, 0, atZero, above ? -half : half);
        a.push(origin === null ? x : 2*eta*lambda[origin] + x);
        slope.push(secular_slope(distances(origin, x), lambda));
    }
    return {a, slope};
}

// Where f vanishes between left, where it is fLeft, and right: false position that keeps both ends moving.
function root(f, left, fLeft, right) {
    let fRight = f(right), x = right;
    for (let step = 0; step < 100 && fRight !== 0; step++) {
        const next = right - fRight*(right - left)/(fRight - fLeft);
        const value = f(next);
        if (Math.sign(value) === Math.sign(fRight)) fLeft /= 2;
        else [left, fLeft] = [right, fRight];
        const settled = Math.abs(next - x) <= 2e-16*Math.abs(next);
        [right, fRight, x] = [next, value, next];
        if (settled) break;
    }
    return x;
}

// Everything that depends on L, beta, eta and M.
function theory({L, beta, eta, M}) {
    const lambda = power_law(L, beta), {a, slope} = rates(eta, lambda);
    const moment = order => sum(1, L, k => Math.pow(lambda[k - 1], order))/L;
    const [low, high] = power_law_window(eta, lambda[0], beta, L);
    const [R, Q] = plateau_fixed_point(M, D), height = plateau_height(M, D);
    const escape = (units, sizes) => escape_time(units, eta, D, secondMoment(sizes, beta), D2);
    const tau = escape_time(M, eta, D, moment(2), D2);
    return {
        exact: alpha => learning_curve_eigenbasis(moment(1), L, SIGMA_J, eta, alpha, a, slope),
        firstOrder: alpha => small_learning_rate_curve(SIGMA_J, eta, alpha, lambda),
        window: [low, high], exponent: -beta/(1 + beta), moment: moment(2),
        R, Q, height, tau, escape,
        erf: erfCurve({eta, M}, lambda, 1e8),
        leaving: (alpha, start, deviation) => height - escape_error(tau, alpha, start, M, D, () => deviation),
    };
}

function secondMoment(L, beta) {
    return power_law(L, beta).reduce((total, value) => total + value*value, 0)/L;
}
