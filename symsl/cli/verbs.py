"""The commands and their options. Nothing heavy is imported before a command is known to be well formed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="symsl",
    help="Exact theory of learning curves in two-layer networks: certified digits, derivations, LaTeX.",
    epilog="Exit status: 0 good, 1 refuted or failed, 2 wrong use, 3 not decided.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Key = Annotated[str, typer.Argument(metavar="EQUATION", help="Number (15) or name (escape-time).")]
Given = Annotated[list[str] | None, typer.Argument(metavar="KEY=VALUE", help="Exact parameters, such as L=8 eta=1/10.")]
Digits = Annotated[int, typer.Option(help="Significant digits to certify.")]
RouteName = Annotated[str | None, typer.Option(help="How to compute it; `symsl show` lists the routes.")]
MaxBits = Annotated[int | None, typer.Option(help="Limit of the working precision in bits.")]
Json = Annotated[bool, typer.Option("--json", help="Print data as JSON.")]
All = Annotated[bool, typer.Option("--all", help="All equations.")]
StartState = Annotated[str | None, typer.Option("--state", help="State file to start from (.json or .npz).")]
Times = Annotated[str | None, typer.Option(help="Times: a logarithmic grid lo:hi:n or a list 0,1,10.")]
Picture = Annotated[Path | None, typer.Option(help="Picture to write: .pdf or .png.")]
State = Annotated[str | None, typer.Option(help="State file, for equations that start from one.")]


def _version(wanted: bool) -> None:
    if wanted:
        from symsl import __version__

        print(f"symsl {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_version, help="Print the version.")
    ] = False,
) -> None: ...


@app.command()
def tour(
    output: Annotated[Path, typer.Option("-o", "--output", help="Directory to write.")] = Path("symsl-tour"),
) -> int:
    """A demonstration in under a minute; writes ./symsl-tour/."""
    from symsl.cli.tour import run_tour

    return run_tour(output)


@app.command("list")
def list_(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[WORD]...", help="Only equations with all words in name or title.")
    ] = None,
    section: Annotated[str | None, typer.Option(help="Only this section of the paper, such as 5.1.")] = None,
    json: Json = False,
) -> None:
    """All equations: number, name, title, evidence."""
    from symsl.cli.show import run_list

    run_list(words or [], section, as_json=json)


@app.command()
def show(
    equation: Key,
    derivation: Annotated[bool, typer.Option("--derivation", help="Also the steps that lead to it.")] = False,
    json: Json = False,
) -> None:
    """One equation: statement, symbols, assumptions, reference, derivation, LaTeX."""
    from symsl.cli.show import run_show

    run_show(equation, derivation=derivation, as_json=json)


@app.command("eval")
def eval_(
    equation: Key,
    given: Given = None,
    digits: Digits = 15,
    route: RouteName = None,
    max_bits: MaxBits = None,
    state: State = None,
    json: Json = False,
) -> None:
    """The value of an equation to certified digits; alpha=1,10,100 or alpha=1e-1:1e5:7 gives several."""
    from symsl.cli.evaluate import run_eval

    assigned = _assignments(given, state=state)
    run_eval(equation, assigned, digits=digits, route=route, max_bits=max_bits, as_json=json)


@app.command()
def curve(
    equation: Key,
    given: Given = None,
    alpha: Annotated[str | None, typer.Option(help="Times: a logarithmic grid lo:hi:n or a list 1,10,100.")] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Table to write: .csv or .json (default: print it).")
    ] = None,
    plot: Annotated[Path | None, typer.Option(help="Picture to write: .pdf or .png.")] = None,
    digits: Digits = 15,
    route: RouteName = None,
    max_bits: MaxBits = None,
    state: State = None,
    json: Json = False,
) -> None:
    """A learning curve: rows alpha, value, radius, and a picture."""
    from symsl.cli.evaluate import run_curve

    run_curve(
        equation,
        _assignments(given, alpha=alpha, state=state),
        digits=digits,
        route=route,
        max_bits=max_bits,
        as_json=json,
        output=output,
        plot=plot,
    )


@app.command()
def sweep(
    equation: Key,
    given: Given = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="File that keeps the results, .json.")] = None,
    digits: Digits = 15,
    route: RouteName = None,
    jobs: Annotated[int | None, typer.Option(help="Processes (default: one for each core).")] = None,
) -> int:
    """An equation over a grid: L=16,64 beta=1/2,1 evaluates every combination, in parallel, resumable."""
    from symsl.cli.sweep import run_sweep

    return run_sweep(equation, _assignments(given), digits=digits, route=route, output=output, jobs=jobs)


@app.command()
def solve(
    given: Given = None,
    alpha: Times = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Table to write: .csv, .json or .npz (default: print it).")
    ] = None,
    state: StartState = None,
    plot: Picture = None,
    rtol: Annotated[float, typer.Option(help="Local error allowed in a step; 1e-6 gives eps_g to 1e-4.")] = 1e-6,
    save_start: Annotated[Path | None, typer.Option(help="State file for the start: .json or .npz.")] = None,
    save_end: Annotated[Path | None, typer.Option(help="State file for the last time, to go on from: .json.")] = None,
    json: Json = False,
) -> None:
    """The order-parameter equations of the erf network (Eqs. 92-94) from a state, in float64.

    Starts from random networks, K= M= L= N= [beta=1 sigma_J=1/100 seed=0 output=paper], or from --state FILE. Takes
    eta= and order=1 (first order in eta) or order=2 (exact for N to infinity). output= says how hidden units are added
    up, in files too: "paper" (sqrt(M)/K, 1/sqrt M; for K = M also 1/sqrt K), "plain sum" (K = M; peers' codes) or
    "mean" (1/K); eta and eps_g are those of that convention, time is p/N in all.
    """
    from symsl.cli.solve import run_solve

    run_solve(
        _assignments(given),
        alpha=alpha,
        state_file=state,
        rtol=rtol,
        as_json=json,
        output=output,
        plot=plot,
        save_start=save_start,
        save_end=save_end,
    )


@app.command()
def simulate(
    given: Given = None,
    alpha: Times = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Table to write: .csv, .json, or .npz for --network.")
    ] = None,
    state: StartState = None,
    plot: Picture = None,
    resume: Annotated[
        Path | None, typer.Option(help="File .npz kept up to date, to go on from when it exists.")
    ] = None,
    jobs: Annotated[int, typer.Option(help="Processes for the runs.")] = 1,
    network: Annotated[
        str | None, typer.Option(help="diagonal or quadratic: networks with weight decay instead of SGD.")
    ] = None,
    json: Json = False,
) -> None:
    """Online stochastic gradient descent (Eqs. 2, 3), in float64: means over the runs.

    Starts from random networks, K= M= L= N= [beta=1 sigma_J=1/100 seed=0], or from the weights in --state FILE. Takes
    eta=, activation=erf or linear, runs=1, trainable=N_l (only the first N_l eigendirections learn).

    With --network diagonal (LASSO) or quadratic (matrix sensing): trained with weight decay on n samples of a power-law
    target, beside the state evolution. Takes d= gamma= n= Delta= lam= [c=1 trials=10 seed=0], solver=convex or descent
    (gradient descent on the weights), and for quadratic features=gaussian or quadratic, signed=0. --plot: the spectrum.
    """
    if network is not None:
        from symsl.cli.sparse import run_sparse

        refused = {"--alpha": alpha is not None, "--state": state is not None, "--resume": resume is not None}
        run_sparse(
            network,
            _assignments(given),
            as_json=json,
            output=output,
            plot=plot,
            refused=refused | {"--jobs": jobs != 1},
        )
        return
    from symsl.cli.simulate import run_simulate

    run_simulate(
        _assignments(given),
        alpha=alpha,
        state_file=state,
        jobs=jobs,
        as_json=json,
        output=output,
        plot=plot,
        resume=resume,
    )


@app.command()
def compare(given: Given = None, json: Json = False) -> None:
    """Laws against solved trajectories: plateau, escape, late phase; and the two bases in float64 (Appendix D).

    Takes M=2 L=8 beta=1 eta=1/10, and for the random teachers N=128 L, seed=1.
    """
    from symsl.cli.compare import run_compare

    run_compare(_assignments(given), as_json=json)


@app.command()
def verify(
    equation: Annotated[str | None, typer.Argument(metavar="EQUATION", help="Number or name.")] = None,
    all_: All = False,
    jobs: Annotated[int | None, typer.Option(help="Processes for --all (default: one for each core).")] = None,
    json: Json = False,
) -> int:
    """Run the derivations: a verdict for each claim, and a tally."""
    from symsl.cli.verify import run_verify

    return run_verify(_one_or_all("verify", equation, all_), jobs, as_json=json)


@app.command()
def latex(
    equation: Annotated[str | None, typer.Argument(metavar="EQUATION", help="Number or name.")] = None,
    all_: All = False,
    document: Annotated[bool, typer.Option("--document", help="A whole article: the same as --form document.")] = False,
    form: Annotated[str, typer.Option(help="fragment, align or document.")] = "fragment",
    rename: Annotated[
        list[str] | None, typer.Option(metavar="NAME=LATEX", help="Write a symbol differently, as eta='\\gamma'.")
    ] = None,
    digits: Annotated[int | None, typer.Option(help="Write numbers as decimals with so many certified digits.")] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="File to write, .tex.")] = None,
) -> None:
    """The LaTeX of one equation or of all."""
    from symsl.cli.latex import run_latex

    run_latex(_one_or_all("latex", equation, all_), "document" if document else form, rename or [], digits, output)


@app.command()
def code(
    equation: Key,
    to: Annotated[
        str, typer.Option("--to", help="mpmath, python-flint, numpy, julia, mathematica, pari, c or javascript.")
    ] = "mpmath",
    output: Annotated[Path | None, typer.Option("-o", "--output", help="File to write.")] = None,
) -> None:
    """An equation as a function in a programming language."""
    from symsl.cli.code import run_code

    run_code(equation, to, output)


@app.command()
def book(
    output: Annotated[Path | None, typer.Option("-o", "--output", help="File to write: .pdf, or .tex.")] = None,
    html: Annotated[Path | None, typer.Option(help="Directory to write a static site to.")] = None,
    no_verify: Annotated[
        bool, typer.Option("--no-verify", help="Do not run the derivations: show the declared evidence.")
    ] = False,
    jobs: Annotated[int | None, typer.Option(help="Processes (default: one for each core).")] = None,
) -> None:
    """All equations with their derivations: a PDF, a static site, or both."""
    from symsl.cli.book import run_book

    run_book(output, html, verify=not no_verify, jobs=jobs)


@app.command()
def figure(
    number: Annotated[
        str | None, typer.Argument(metavar="FIGURE", help="1 to 20 of the paper, a to i of our own.")
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="All figures.")] = False,
    output: Annotated[Path, typer.Option("-o", "--output", help="Directory to write.")] = Path("symsl-figures"),
    quick: Annotated[bool, typer.Option("--quick", help="Small sizes: seconds instead of minutes a figure.")] = False,
) -> None:
    """A figure: PDF, PNG, its data and its caption. Data already there are used again."""
    from symsl.cli.figure import run_figure
    from symsl.errors import UsageError

    if (number is None) != all_:
        raise UsageError("figure takes one figure or --all, for example `symsl figure 6` or `symsl figure --all`")
    run_figure(number, output, quick=quick)


@app.command()
def page(
    output: Annotated[Path, typer.Option("-o", "--output", help="File to write, .html.")] = Path("symsl-page.html"),
) -> None:
    """A page with sliders (L, beta, eta, M): learning curve, plateau and escape, in any browser, without a network."""
    from symsl.cli.page import run_page

    run_page(output)


@app.command()
def doctor(json: Json = False) -> int:
    """Versions, ground types, and whether TeX is found."""
    from symsl.cli.doctor import run_doctor

    return run_doctor(as_json=json)


def _assignments(given: list[str] | None, **options: str | None) -> dict[str, str]:
    from symsl.cli.assignments import read_assignments

    return read_assignments(
        [*(given or []), *(f"{name}={value}" for name, value in options.items() if value is not None)]
    )


def _one_or_all(verb: str, equation: str | None, every: bool) -> str | None:
    from symsl.errors import UsageError

    if (equation is None) != every:
        raise UsageError(f"{verb} takes one equation or --all, for example `symsl {verb} 15` or `symsl {verb} --all`")
    return equation
