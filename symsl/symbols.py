"""The symbols of the theory, each made once: SymPy tells `Symbol("x")` from `Symbol("x", positive=True)`.

Names are the paper's. `lam[k]` is the k-th distinct eigenvalue (k = 1..L), `u` the moments, both written with
`sympy.IndexedBase` so that L may stay symbolic.
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
lambda_plus = Symbol("lambda_+", positive=True)
D = Symbol("D", real=True)
D2 = Symbol("D^(2)", real=True)
T2 = Symbol("T^(2)", positive=True)

j = Symbol("j", integer=True, positive=True)
k = Symbol("k", integer=True, positive=True)
l = Symbol("l", integer=True, nonnegative=True)
m = Symbol("m", integer=True, nonnegative=True)
x = Symbol("x", real=True)

lam = IndexedBase("lambda", positive=True, real=True)
u = IndexedBase("u", positive=True, real=True)
