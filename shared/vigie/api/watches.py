"""Watches, and what a query would have brought."""

from typing import Any

from vigie import views, wiring
from vigie.api import shapes
from vigie.api.answers import as_json, nothing
from vigie.api.conditions import unless_changed
from vigie.api.routing import Call, Routes
from vigie.domain.clients import Watch
from vigie.requests import BackTestRequest, WatchRequest

routes = Routes("watches")


@routes.get("/clients/{client_id}/watches", scope="read", answers=shapes.Watches)
def list_watches(call: Call) -> Any:
    """List a client's watches."""
    watches = wiring.accounts().watches(call.client.client_id)
    return {"watches": [views.of_watch(watch, call.locale) for watch in watches]}


@routes.post(
    "/clients/{client_id}/watches",
    scope="write",
    takes=WatchRequest,
    status=201,
    refuses=(409,),
    answers=shapes.Watch,
)
def create_watch(call: Call) -> Any:
    """Add a watch; it matches what is polled from the next minute on."""
    watch = wiring.desk().create_watch(call.client, call.takes(WatchRequest))
    return views.of_watch(watch, call.locale)


@routes.get("/clients/{client_id}/watches/{watch_id}", scope="read", answers=shapes.Watch)
def show_watch(call: Call) -> Any:
    """Show a watch."""
    return views.of_watch(wiring.desk().watch(call.client, call.path["watch_id"]), call.locale)


@routes.put(
    "/clients/{client_id}/watches/{watch_id}", scope="write", takes=WatchRequest, answers=shapes.Watch
)
def change_watch(call: Call) -> Any:
    """Replace a watch."""
    desk, watch_id, request = wiring.desk(), call.path["watch_id"], call.takes(WatchRequest)

    def show(watch: Watch) -> object:
        return views.of_watch(watch, call.locale)

    return show(desk.change_watch(call.client, watch_id, request, unless_changed(call, show)))


@routes.delete("/clients/{client_id}/watches/{watch_id}", scope="write")
def remove_watch(call: Call) -> Any:
    """Stop a watch; its mentions stay."""
    wiring.desk().remove_watch(call.client, call.path["watch_id"])
    return nothing()


@routes.post(
    "/clients/{client_id}/backtests", scope="read", takes=BackTestRequest, status=202, answers=shapes.BackTest
)
def ask_backtest(call: Call) -> Any:
    """Ask what a query would have brought; 202 and where the answer will be."""
    request = call.takes(BackTestRequest)
    job = wiring.jobs().ask(call.client, request.query, request.days, request.monthly_mentions)
    return as_json(views.of_backtest(job), 202, location=f"{call.url_path.rstrip('/')}/{job.job_id}")


@routes.get("/clients/{client_id}/backtests/{job_id}", scope="read", answers=shapes.BackTest)
def show_backtest(call: Call) -> Any:
    """Show a back-test: how far it is, and its result."""
    return views.of_backtest(wiring.jobs().show(call.client, call.path["job_id"]))
