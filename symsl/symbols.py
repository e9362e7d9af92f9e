"""The symbols of the theory, each made once: SymPy tells `Symbol("x")` from `Symbol("x", positive=True)`.

A symbol's name is the ASCII name of the parameter, so that values are bound by name; `LATEX` holds the paper's notation
where it differs. `lam[k]` is the k-th distinct eigenvalue (k = 1..L), `u[l]` the l-th moment (1/L) sum_k lam[k]**l.
"""

from sympy import IndexedBase, Symbol

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

LATEX = {
    "lambda_plus": r"\lambda_+",
    "D2": r"D^{(2)}",
    "T2": r"T^{(2)}",
    "eps_g": r"\epsilon_g",
}
