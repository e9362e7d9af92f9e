// The erf network with orthogonal teachers, to first order in eta, in the eigenbasis: R, S (its diagonal and
// off-diagonal elements), Q, C of each mode, by a stabilised Runge-Kutta method of second order (Sommeijer, Shampine
// and Verwer, J. Comput. Appl. Math. 88, 315): explicit, its stages grow with the root of the stiffness only.

const DIFFERENCE = SIGMA_J/32;
const GROWTH = 0.02;    // steps over the time reached
const BUDGET = 4e6;     // updates of modes; where they are used up the curve ends
const LOWEST = 1e-9;    // of eps_g, above the rounding of the arcsines

function firstOrderParameters(y, lambda) {
    let R = 0, S = 0, Q = 0, C = 0;
    for (let k = 0, at = 0; k < lambda.length; k++, at += 4) {
        R += lambda[k]*y[at];
        S += lambda[k]*y[at + 1];
        Q += lambda[k]*y[at + 2];
        C += lambda[k]*y[at + 3];
    }
    return [R, S, Q, C].map(value => value/lambda.length);
}

// Eq. (93) mode by mode: R and S move each other (and are pulled by T), all four move Q and C.
function velocity(y, lambda, [r, s, q, c], out) {
    const [rR, rS, , , rT] = r, [sR, sS, , , sT] = s, [qR, qS, qQ, qC] = q, [cR, cS, cQ, cC] = c;
    for (let k = 0, at = 0; k < lambda.length; k++, at += 4) {
        const R = y[at], S = y[at + 1], Q = y[at + 2], C = y[at + 3], value = lambda[k];
        out[at] = value*(rR*R + rS*S + rT);
        out[at + 1] = value*(sR*R + sS*S + sT);
        out[at + 2] = value*(qR*R + qS*S + qQ*Q + qC*C);
        out[at + 3] = value*(cR*R + cS*S + cQ*Q + cC*C);
    }
    return out;
}

function stabilisedStep(y, h, stages, move) {
    const w0 = 1 + 2/(13*stages*stages), T = [1, w0], first = [0, 1], second = [0, 0];
    for (let j = 2; j <= stages; j++) {
        T.push(2*w0*T[j - 1] - T[j - 2]);
        first.push(2*T[j - 1] + 2*w0*first[j - 1] - first[j - 2]);
        second.push(4*first[j - 1] + 2*w0*second[j - 1] - second[j - 2]);
    }
    const w1 = first[stages]/second[stages];
    const b = second.map((value, j) => value/(first[j]*first[j]));
    b[0] = b[1] = b[2];
    const atStart = move(y, new Float64Array(y.length)), speed = new Float64Array(y.length);
    let before = y, now = y.map((value, i) => value + b[1]*w1*h*atStart[i]), next = new Float64Array(y.length);
    for (let j = 2; j <= stages; j++) {
        const mu = 2*b[j]*w0/b[j - 1], nu = -b[j]/b[j - 2], muTilde = 2*b[j]*w1/b[j - 1];
        const gamma = -(1 - b[j - 1]*T[j - 1])*muTilde;
        move(now, speed);
        for (let i = 0; i < y.length; i++)
            next[i] = (1 - mu - nu)*y[i] + mu*now[i] + nu*before[i] + h*(muTilde*speed[i] + gamma*atStart[i]);
        [before, now, next] = [now, next, before === y ? new Float64Array(y.length) : before];
    }
    return now;
}

// Rows (alpha, eps_g, R - S) from students that differ by R_ii - R_in = DIFFERENCE in every mode.
function erfCurve({eta, M}, lambda, end) {
    const L = lambda.length, points = [];
    let y = new Float64Array(4*L), alpha = 0, used = 0;
    for (let k = 0; k < L; k++) [y[4*k], y[4*k + 2]] = [DIFFERENCE, SIGMA_J*SIGMA_J];
    const drift = state => symmetric_drift(...firstOrderParameters(state, lambda), M, eta);
    const move = (state, out) => velocity(state, lambda, drift(state), out);
    while (alpha < end && used < BUDGET) {
        const h = Math.max(0.01, GROWTH*alpha);
        const size = Math.max(...drift(y).slice(0, 4).map(row => row.slice(0, 4).reduce((p, q) => p + Math.abs(q), 0)));
        const stages = 2 + Math.ceil(Math.sqrt(h*2*lambda[0]*size/0.65));
        y = stabilisedStep(y, h, stages, move);
        [alpha, used] = [alpha + h, used + stages*L];
        const overlaps = firstOrderParameters(y, lambda), error = symmetric_error(...overlaps, M);
        points.push([alpha, error, overlaps[0] - overlaps[1]]);
        if (!(error > LOWEST)) break;
    }
    return points;
}
