"""The symbols of the theory, each made once: SymPy tells `Symbol("x")` from `Symbol("x", positive=True)`.

A symbol's name is the ASCII name of the parameter, so that values are bound by name; `LATEX` holds the paper's notation
where it differs. `lam[k]` is the k-th distinct eigenvalue (k = 1..L), `u[l]` the l-th moment (1/L) sum_k lam[k]**l.
"""

from sympy import Function, IndexedBase, MatrixSymbol, Symbol

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
T_1 = Symbol("T_1", positive=True)
R_plateau = IndexedBase("R_plateau", real=True)
D_rows = IndexedBase("D_rows", real=True)
r_l = Function("r_l")
r_1 = Function("r_1")
gamma = Symbol("gamma", positive=True)
tau_esc = Symbol("tau_esc", positive=True)
theta_M = Symbol("theta_M", positive=True)  # where remainders of limits lie between their bounds
theta_1 = Symbol("theta_1", positive=True)
theta_2 = Symbol("theta_2", positive=True)
alpha_0 = Symbol("alpha_0", nonnegative=True)
alpha_P = Symbol("alpha_P", nonnegative=True)
Delta_0 = Symbol("Delta_0", positive=True)
Delta_P = Symbol("Delta_P", positive=True)
b = Symbol("b", positive=True)

# Late phase (Sec. 5.2): deviations from the solution.
w_d = IndexedBase("w_d", real=True)
w_o = IndexedBase("w_o", real=True)
w_d_k = Function("w_d_k")
w_o_k = Function("w_o_k")
dev_r = Symbol("dev_r", real=True)
dev_s = Symbol("dev_s", real=True)
dev_q = Symbol("dev_q", real=True)
dev_c = Symbol("dev_c", real=True)
dev_r_k = Symbol("dev_r_k", real=True)
dev_s_k = Symbol("dev_s_k", real=True)
w_d_1 = Symbol("w_d_1", real=True)
w_o_1 = Symbol("w_o_1", real=True)

n_rates = Symbol("n_rates", integer=True, positive=True)  # of the linear parts near the solution
mu_pair = IndexedBase("mu_pair", real=True)  # rates of R - T, and of w; what eps_g sees of w, its start, its drive
nu_w = IndexedBase("nu_w", real=True)
seen_w = IndexedBase("seen_w", real=True)
start_w = IndexedBase("start_w", real=True)
drive_w = IndexedBase("drive_w", real=True)
seen_pair = IndexedBase("seen_pair", real=True)

# Deviations (r, s, q, c) of one order as a vector, and the matrices that move them (Secs. C.3, C.5).
x_l_rate = MatrixSymbol("x_l_rate", 4, 1)
x_next = MatrixSymbol("x_next", 4, 1)
x_1 = MatrixSymbol("x_1", 4, 1)
A_a = MatrixSymbol("A_a", 4, 4)
A_b = MatrixSymbol("A_b", 4, 4)
A_u = MatrixSymbol("A_u", 4, 4)
A_v = MatrixSymbol("A_v", 4, 4)
y_l_rate = MatrixSymbol("y_l_rate", 2, 1)
y_next = MatrixSymbol("y_next", 2, 1)
y_1 = MatrixSymbol("y_1", 2, 1)
A_u_reduced = MatrixSymbol("A_u_reduced", 2, 2)
A_v_reduced = MatrixSymbol("A_v_reduced", 2, 2)

# Order parameters: with units X_units[i, j, l] = X_ij^(l); of one student and one teacher X[l] = X^(l), from order 0.
n = Symbol("n", integer=True, positive=True)
Q_units = IndexedBase("Q_units", real=True)
R_units = IndexedBase("R_units", real=True)
T_units = IndexedBase("T_units", real=True)
Q = IndexedBase("Q", real=True)
R = IndexedBase("R", real=True)
T = IndexedBase("T", real=True)
c = IndexedBase("c", real=True)  # coefficients of the characteristic polynomial; c_L = 1

# Setup (Sec. 3, App. A): fields x_i of the student and y_n of the teacher, the signal delta_i that moves student i.
a_input = Symbol("a_input", integer=True, positive=True)  # component of the input in the eigenbasis of Sigma
sigma_output = Symbol("sigma_output", real=True)
zeta_output = Symbol("zeta_output", real=True)
x_field = IndexedBase("x_field", real=True)
y_field = IndexedBase("y_field", real=True)
J = IndexedBase("J", real=True)
J_next = IndexedBase("J_next", real=True)
B = IndexedBase("B", real=True)
xi = IndexedBase("xi", real=True)
g = Function("g")
g_slope = Function("g'")
delta_y = IndexedBase("delta_y", real=True)
delta_x = IndexedBase("delta_x", real=True)
delta_delta = IndexedBase("delta_delta", real=True)
I_2, I_3, I_4 = Symbol("I_2"), Symbol("I_3"), Symbol("I_4")  # Gaussian averages; below with their fields
I2_xx = IndexedBase("I2_xx", real=True)
I2_xy = IndexedBase("I2_xy", real=True)
I2_yy = IndexedBase("I2_yy", real=True)
I3_xyy = IndexedBase("I3_xyy", real=True)
I3_xyx = IndexedBase("I3_xyx", real=True)
I3_xxy = IndexedBase("I3_xxy", real=True)
I3_xxx = IndexedBase("I3_xxx", real=True)
I4_yy = IndexedBase("I4_yy", real=True)
I4_xy = IndexedBase("I4_xy", real=True)
I4_xx = IndexedBase("I4_xx", real=True)
# Covariances of jointly Gaussian variables 1, 2, 3, 4 (App. C.1), and the determinants in their averages.
C11, C12, C13, C14 = (Symbol(f"C1{b}", real=True) for b in (1, 2, 3, 4))
C22, C23, C24 = (Symbol(f"C2{b}", real=True) for b in (2, 3, 4))
C33, C34, C44 = Symbol("C33", real=True), Symbol("C34", real=True), Symbol("C44", real=True)
Lambda_0, Lambda_1, Lambda_2 = (Symbol(f"Lambda_{number}", real=True) for number in (0, 1, 2))
Lambda_4 = Symbol("Lambda_4", positive=True)
p = Symbol("p", integer=True, positive=True)
q = Symbol("q", integer=True, positive=True)

# The linear network (Sec. 4, App. B). Matrices and vectors of any size L do not commute.
A_1 = Symbol("A_1", commutative=False)
A_2 = Symbol("A_2", commutative=False)
A_3 = Symbol("A_3", commutative=False)
Q_vector = Symbol("Q_vector", commutative=False)
Q_start = Symbol("Q_start", commutative=False)
R_vector = Symbol("R_vector", commutative=False)
R_start = Symbol("R_start", commutative=False)
T_vector = Symbol("T_vector", commutative=False)
U_vector = Symbol("U_vector", commutative=False)
e_1 = Symbol("e_1", commutative=False)  # the row that selects order 1
e_0 = Symbol("e_0", commutative=False)
A_1_entry = IndexedBase("A_1_entry")
A_1_inverse_entry = IndexedBase("A_1_inverse_entry")
A_3_inverse_entry = IndexedBase("A_3_inverse_entry")
V = IndexedBase("V")
V_inverse = IndexedBase("V_inverse")
V_3_inverse = IndexedBase("V_3_inverse")
v = IndexedBase("v")  # v[k, l]: component l of the k-th eigenvector
R_limit = IndexedBase("R_limit")
R_mean = IndexedBase("R_mean")
Q_mean = IndexedBase("Q_mean")
mode_matrix = IndexedBase("mode_matrix")
W = IndexedBase("W", nonnegative=True)  # squared distance of student and teacher in each eigenspace
var_eps_g = Symbol("var_eps_g", positive=True)
sensitivity = IndexedBase("sensitivity", real=True)  # of eps_g to each W
eta_c = Symbol("eta_c", positive=True)
local_exponent = Symbol("local_exponent", real=True)
missed = Symbol("missed", real=True)
s = Symbol("s", nonnegative=True)
a = IndexedBase("a", positive=True)  # rates: minus the eigenvalues of A_3
b_mode = IndexedBase("b_mode")

# General learning rate (App. B.2.1): shifted coefficients, the triangular similarity and its inverse.
c_shifted = IndexedBase("c_shifted", real=True)
V_y_inverse = IndexedBase("V_y_inverse")
S_inverse = IndexedBase("S_inverse")

# Scaling with time (App. B.2): a function f with its derivatives f^(n) at 1 and at L, and its integral.
f = Function("f")
f_first = IndexedBase("f_first", real=True)
f_last = IndexedBase("f_last", real=True)
integral_f = Symbol("integral_f", real=True)
remainder = Symbol("remainder", real=True)
eps_correction = Symbol("eps_correction", real=True)
alpha_low = Symbol("alpha_low", positive=True)
alpha_high = Symbol("alpha_high", positive=True)

# Feature scaling (App. B.3): weights in the eigenbasis, one component for each distinct eigenvalue; blocks of Sigma.
J_mode = IndexedBase("J_mode", real=True)
J_start = IndexedBase("J_start", real=True)
B_mode = IndexedBase("B_mode", real=True)
J_rotated = IndexedBase("J_rotated", real=True)
B_rotated = IndexedBase("B_rotated", real=True)
x_output = Symbol("x_output", real=True)
y_output = Symbol("y_output", real=True)
R_first = Symbol("R_first", real=True)
Q_first = Symbol("Q_first", real=True)
Sigma = Symbol("Sigma", commutative=False)
Lambda_matrix = Symbol("Lambda_matrix", commutative=False)
O_matrix = Symbol("O_matrix", commutative=False)
O_transposed = Symbol("O_transposed", commutative=False)
J_vector = Symbol("J_vector", commutative=False)
J_first = Symbol("J_first", commutative=False)
B_vector = Symbol("B_vector", commutative=False)
noise = Symbol("noise", commutative=False)
S_aa = Symbol("S_aa", commutative=False)
S_ab = Symbol("S_ab", commutative=False)
S_ba = Symbol("S_ba", commutative=False)
S_bb = Symbol("S_bb", commutative=False)
J_a = Symbol("J_a", commutative=False)
J_b = Symbol("J_b", commutative=False)
J_a_start = Symbol("J_a_start", commutative=False)
J_b_row = Symbol("J_b_row", commutative=False)  # transposed
B_a = Symbol("B_a", commutative=False)
B_b = Symbol("B_b", commutative=False)
B_a_row = Symbol("B_a_row", commutative=False)
B_b_row = Symbol("B_b_row", commutative=False)
trace_aa = Symbol("trace_aa", positive=True)
trace_bb = Symbol("trace_bb", positive=True)
trace_explained = Symbol("trace_explained", positive=True)

# Weight decay (sparse networks): the sizes of the problem are real here, for the scaling laws differentiate by them.
d_inputs = Symbol("d", positive=True)
n_samples = Symbol("n", positive=True)
Delta_noise = Symbol("Delta", positive=True)
lam_decay = Symbol("lam", positive=True)
c_target = Symbol("c", positive=True)
K_detected = Symbol("K", positive=True)
nu = Symbol("nu", positive=True)
tau = Symbol("tau", positive=True)
theta = Symbol("theta", positive=True)
alpha_threshold = Symbol("alpha", positive=True)
t_threshold = Symbol("t", nonnegative=True)
m_signal = Symbol("m", positive=True)
a_threshold = Symbol("a", positive=True)
p_tail = Symbol("p", positive=True)
R_risk = Symbol("R_risk", positive=True)
dof = Symbol("dof", positive=True)
train_error = Symbol("train_error", positive=True)
test_error = Symbol("test_error", positive=True)
phi_gain = Symbol("phi_gain", positive=True)
a_critical = Symbol("a_critical", positive=True)
s_noise = Symbol("s", nonnegative=True)
A_tail = Symbol("A_tail", positive=True)
rate_tail = Symbol("rate_tail", positive=True)
soft_risk = Function("soft_risk")
soft_active = Function("soft_active")
mellin_risk = Function("mellin_risk")
kummer = Function("kummer")  # of (a, b, z): the confluent hypergeometric function
spike_risk = Function("spike_risk")
spike_active = Function("spike_active")
bulk_risk = Function("bulk_risk")
bulk_active = Function("bulk_active")

# Notation where it differs from the name.
LATEX = {
    "lambda_plus": r"\lambda_+",
    "D2": r"D^{(2)}",
    "T2": r"T^{(2)}",
    "eps_g": r"\epsilon_g",
    "var_eps_g": r"\mathrm{Var}(\epsilon_g)",
    "local_exponent": r"\frac{\mathrm{d} \ln \epsilon_g}{\mathrm{d} \ln \alpha}",
    "missed": r"\Delta \epsilon_g",
    "R_star": r"R^*",
    "Q_star": r"Q^*",
    "R_l_star": r"R^{*(l)}",
    "Q_l_star": r"Q^{*(l)}",
    "eps_star": r"\epsilon_g^*",
    "T_1": r"T^{(1)}",
    "T_l": r"T^{(l)}",
    "D_l": r"D^{(l)}",
    "T_next": r"T^{(l+1)}",
    "D_next": r"D^{(l+1)}",
    "r_l": r"r^{(l)}",
    "r_1": r"r^{(1)}",
    "n_rates": "P",
    "theta_M": r"\vartheta",
    "theta_1": r"\vartheta_1",
    "theta_2": r"\vartheta_2",
    "tau_esc": r"\tau_{\mathrm{esc}}",
    "alpha_P": r"\alpha_P",
    "Delta_P": r"\Delta_P",
    "w_d": r"w^{\mathrm{d}}",
    "w_o": r"w^{\mathrm{o}}",
    "dev_r": "r",
    "dev_s": "s",
    "dev_q": "q",
    "dev_c": "c",
    "dev_r_k": "r_k",
    "dev_s_k": "s_k",
    "w_d_1": r"w^{\mathrm{d}}",
    "w_o_1": r"w^{\mathrm{o}}",
    "w_d_k": r"w^{\mathrm{d}}_k",
    "w_o_k": r"w^{\mathrm{o}}_k",
    "x_l_rate": r"\frac{d}{d \alpha} \mathbf{x}^{(l)}",
    "x_next": r"\mathbf{x}^{(l+1)}",
    "x_1": r"\mathbf{x}^{(1)}",
    "y_l_rate": r"\frac{d}{d \alpha} \mathbf{y}^{(l)}",
    "y_next": r"\mathbf{y}^{(l+1)}",
    "y_1": r"\mathbf{y}^{(1)}",
    "A_u_reduced": r"\tilde{A}_u",
    "A_v_reduced": r"\tilde{A}_v",
    "Q_vector": r"\mathbf{Q}",
    "Q_start": r"\mathbf{Q}_0",
    "R_vector": r"\mathbf{R}",
    "R_start": r"\mathbf{R}_0",
    "T_vector": r"\mathbf{T}",
    "U_vector": r"\mathbf{U}",
    "e_0": r"\mathbf{e}_0^{\top}",
    "e_1": r"\mathbf{e}_1^{\top}",
    "a_input": "a",
    "sigma_output": r"\sigma",
    "zeta_output": r"\zeta",
    "eta_c": r"\eta_c",
    "integral_f": r"\int_1^L f(x)\, dx",
    "remainder": r"\mathcal{R}_m",
    "eps_correction": r"\delta\epsilon_g",
    "alpha_low": r"\alpha_{\mathrm{low}}",
    "alpha_high": r"\alpha_{\mathrm{high}}",
    "x_output": "x",
    "y_output": "y",
    "R_first": r"R^{(1)}",
    "Q_first": r"Q^{(1)}",
    "Lambda_matrix": r"\Lambda",
    "O_matrix": "O",
    "O_transposed": r"O^{\top}",
    "J_vector": r"\mathbf{J}",
    "J_first": r"\mathbf{J}_0",
    "B_vector": r"\mathbf{B}",
    "noise": r"\boldsymbol{\gamma}",
    "S_aa": r"\Sigma_{aa}",
    "S_ab": r"\Sigma_{ab}",
    "S_ba": r"\Sigma_{ba}",
    "S_bb": r"\Sigma_{bb}",
    "J_a": r"\mathbf{J}_a",
    "J_b": r"\mathbf{J}_b",
    "J_a_start": r"\mathbf{J}_{a,0}",
    "J_b_row": r"\mathbf{J}_b^{\top}",
    "B_a": r"\mathbf{B}_a",
    "B_b": r"\mathbf{B}_b",
    "B_a_row": r"\mathbf{B}_a^{\top}",
    "B_b_row": r"\mathbf{B}_b^{\top}",
    "lam": r"\lambda",
    "R_risk": "R",
    "dof": r"\mathrm{df}",
    "train_error": r"E_{\mathrm{train}}",
    "test_error": r"E_{\mathrm{test}}",
    "phi_gain": r"\varphi",
    "a_critical": r"a_{\mathrm{c}}",
    "A_tail": "A",
    "rate_tail": r"\rho",
    "soft_risk": "r",
    "soft_active": "P",
    "mellin_risk": "F",
    "kummer": r"{}_1F_1",
    "spike_risk": "h",
    "spike_active": "j",
    "bulk_risk": "V",
    "bulk_active": "D_2",
    "trace_aa": r"\mathrm{tr}\,\Sigma_{aa}",
    "trace_bb": r"\mathrm{tr}\,\Sigma_{bb}",
    "trace_explained": r"\mathrm{tr}(\Sigma_{ba} \Sigma_{aa}^{-1} \Sigma_{ab})",
}

# Notation of families (`IndexedBase`): #1, #2, #3 stand for the indices.
FAMILIES = {
    "Q": r"Q^{(#1)}",
    "R": r"R^{(#1)}",
    "T": r"T^{(#1)}",
    "Q_units": r"Q_{#1 #2}^{(#3)}",
    "R_units": r"R_{#1 #2}^{(#3)}",
    "T_units": r"T_{#1 #2}^{(#3)}",
    "R_plateau": r"R_{#1}^{*(#2)}",
    "mu_pair": r"\mu_{#1}",
    "nu_w": r"\nu_{#1}",
    "seen_w": r"e_{#1}",
    "start_w": r"y_{#1}",
    "drive_w": r"f_{#1,#2 #3}",
    "seen_pair": r"q_{#1 #2}",
    "D_rows": r"D_{#1}^{(#2)}",
    "A_1_entry": r"(A_1)_{#1,#2}",
    "A_1_inverse_entry": r"(A_1^{-1})_{#1,#2}",
    "A_3_inverse_entry": r"(A_3^{-1})_{#1,#2}",
    "V": r"V_{#1,#2}",
    "V_inverse": r"(V^{-1})_{#1,#2}",
    "V_3_inverse": r"(V_3^{-1})_{#1,#2}",
    "v": r"v_{#1,#2}",
    "b_mode": r"b_{#1}",
    "x_field": r"x_{#1}",
    "y_field": r"y_{#1}",
    "J": r"J_{#1 #2}",
    "J_next": r"J'_{#1 #2}",
    "B": r"B_{#1 #2}",
    "xi": r"\xi_{#1}",
    "delta_y": r"\mathbb{E}[\delta_{#1}\, y_{#2}^{(l)}]",
    "delta_x": r"\mathbb{E}[\delta_{#1}\, x_{#2}^{(l)}]",
    "delta_delta": r"\mathbb{E}[\delta_{#1} \delta_{#2}]",
    "I2_xx": r"I_2(x_{#1}, x_{#2})",
    "I2_xy": r"I_2(x_{#1}, y_{#2})",
    "I2_yy": r"I_2(y_{#1}, y_{#2})",
    "I3_xyy": r"I_3(x_{#1}, y_{#2}^{(l)}, y_{#3})",
    "I3_xyx": r"I_3(x_{#1}, y_{#2}^{(l)}, x_{#3})",
    "I3_xxy": r"I_3(x_{#1}, x_{#2}^{(l)}, y_{#3})",
    "I3_xxx": r"I_3(x_{#1}, x_{#2}^{(l)}, x_{#3})",
    "I4_yy": r"I_4(x_{#1}, x_{#2}, y_{#3}, y_{#4})",
    "I4_xy": r"I_4(x_{#1}, x_{#2}, x_{#3}, y_{#4})",
    "I4_xx": r"I_4(x_{#1}, x_{#2}, x_{#3}, x_{#4})",
    "R_limit": r"R_\infty^{(#1)}",
    "R_mean": r"\langle R^{(#1)} \rangle",
    "Q_mean": r"\langle Q^{(#1)} \rangle",
    "mode_matrix": r"(V^{-1} A_3 V)_{#1,#2}",
    "W": r"W_{#1}",
    "sensitivity": r"\left(\partial \epsilon_g / \partial W_{#1}\right)",
    "c_shifted": r"c'_{#1}",
    "V_y_inverse": r"(V_y^{-1})_{#1,#2}",
    "S_inverse": r"(S^{-1})_{#1,#2}",
    "f_first": r"f^{(#1)}(1)",
    "f_last": r"f^{(#1)}(L)",
    "J_mode": r"J_{#1}",
    "J_start": r"J_{#1}(0)",
    "B_mode": r"B_{#1}",
    "J_rotated": r"(OJ)_{#1}(0)",
    "B_rotated": r"(OB)_{#1}",
}

# Where the indices of a family begin, if not all at 1: orders count from 0, eigenvalues and units from 1.
FIRST_INDEX = {
    "Q": (0,),
    "R": (0,),
    "T": (0,),
    "Q_units": (1, 1, 0),
    "R_units": (1, 1, 0),
    "T_units": (1, 1, 0),
    "R_plateau": (1, 0),
    "D_rows": (1, 0),
    "u": (0,),
    "c": (0,),
    "v": (1, 0),
    "V": (0, 1),
    "V_inverse": (1, 0),
    "V_3_inverse": (1, 0),
    "V_y_inverse": (1, 0),
    "S_inverse": (0, 0),
    "c_shifted": (0,),
    "f_first": (0,),
    "f_last": (0,),
}
