"""What answers the API: routes by concern, and the door that every request passes.

To add a route:

1. Write its view in the module of its concern (``watches``, ``mentions``, …), or in a new module named in ``table``::

       routes = Routes("watches")

       @routes.get("/clients/{client_id}/watches/{watch_id}", scope="read", answers=shapes.Watch)
       def show_watch(call: Call) -> Any:
           \"\"\"Show a watch.\"\"\"
           return views.of_watch(wiring.desk().watch(call.client, call.path["watch_id"]), call.locale)

   The door has checked the key, its scope and that ``call.client`` is the caller's before the view runs. A view
   returns plain values (JSON, 200 unless ``status`` says another), or an ``Answer`` of its own. It raises a
   ``Refused``; the door makes it a problem document. A body is read by ``call.takes(Kind)``, the address's parameters
   by ``call.asked(Kind)``: both are declared in the decorator, and so is what is answered: the OpenAPI document is
   made of these declarations, of the view's name and of its docstring.
2. Name its path in ``template.yaml``, under ``Api``, each method for itself (Chalice routes on the resource's path,
   and behind a catch-all it answers 405); a test compares the two.
3. Give the ids of its path a value in ``tests/functions/test_api_isolation.py``: a route whose foreign ids
   nobody tries fails there. Bodies need an example in ``examples``, new kinds of ids a line in ``openapi``.
"""
