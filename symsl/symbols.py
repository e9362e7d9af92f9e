"""The symbols of the theory, each made once: SymPy tells `Symbol("x")` from `Symbol("x", positive=True)`.

A symbol's name is the ASCII name of the parameter, so that values are bound by name; `LATEX` holds the paper's notation
where it differs. `lam[k]` is the k-th distinct eigenvalue (k = 1..L), `u[l]` the l-th moment (1/L) sum_k lam[k]**l.
"""

from sympy import Function, IndexedBase, Symbol

L = Symbol("L", integer=True, positive=True)
N = Symbol("N", integer=True, positive=True)
N_l = Symbol("N_l", integer=True, positive=True)
M = Symbol("M", integer=True, positive=True)
K = Symbol("K", integer=True, positive=True)

beta = Symbol("beta", positive=True)
eta = Symbol("eta", positive=True)
alpha = Symbol("alpha", nonnegative=True)
sigma_J = Symbol("sigma_J", positive=True)
lambda_plus = Symbol("lambda_plus", positive=True)
D = Symbol("D", real=True)
D2 = Symbol("D2", real=True)
T2 = Symbol("T2", positive=True)

eps_g = Symbol("eps_g", positive=True)

i = Symbol("i", integer=True, positive=True)
j = Symbol("j", integer=True, positive=True)
k = Symbol("k", integer=True, positive=True)
l = Symbol("l", integer=True, nonnegative=True)
m = Symbol("m", integer=True, nonnegative=True)
x = Symbol("x", real=True)

lam = IndexedBase("lambda", positive=True, real=True)
u = IndexedBase("u", positive=True, real=True)

# Plateau and escape (Sec. 5.1): stationary values, order l and l + 1 of the teacher, perturbations of R.
R_star = Symbol("R_star", positive=True)
Q_star = Symbol("Q_star", positive=True)
R_l_star = Symbol("R_l_star", positive=True)
Q_l_star = Symbol("Q_l_star", positive=True)
eps_star = Symbol("eps_star", positive=True)
T_l = Symbol("T_l", positive=True)
D_l = Symbol("D_l", real=True)
T_next = Symbol("T_next", positive=True)
D_next = Symbol("D_next", real=True)
r_l = Function("r_l")
r_1 = Function("r_1")
gamma = Symbol("gamma", positive=True)
tau_esc = Symbol("tau_esc", positive=True)
alpha_0 = Symbol("alpha_0", nonnegative=True)
alpha_P = Symbol("alpha_P", nonnegative=True)
Delta_0 = Symbol("Delta_0", positive=True)
Delta_P = Symbol("Delta_P", positive=True)
b = Symbol("b", positive=True)

# Late phase (Sec. 5.2): deviations from the solution.
w_d = IndexedBase("w_d", real=True)
w_o = IndexedBase("w_o", real=True)

LATEX = {
    "lambda_plus": r"\lambda_+",
    "D2": r"D^{(2)}",
    "T2": r"T^{(2)}",
    "eps_g": r"\epsilon_g",
    "R_star": r"R^*",
    "Q_star": r"Q^*",
    "R_l_star": r"R^{*(l)}",
    "Q_l_star": r"Q^{*(l)}",
    "eps_star": r"\epsilon_g^*",
    "T_l": r"T^{(l)}",
    "D_l": r"D^{(l)}",
    "T_next": r"T^{(l+1)}",
    "D_next": r"D^{(l+1)}",
    "r_l": r"r^{(l)}",
    "r_1": r"r^{(1)}",
    "tau_esc": r"\tau_{\mathrm{esc}}",
    "alpha_P": r"\alpha_P",
    "Delta_P": r"\Delta_P",
    "w_d": r"w^{\mathrm{d}}",
    "w_o": r"w^{\mathrm{o}}",
}
