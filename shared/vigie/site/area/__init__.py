"""The client area: pages behind a session, under ``/espace``, for the people of every client.

To add a page:

1. Declare its view in the module of its concern, or in a new one named in ``table``::

       pages = AreaPages()

       @pages.get("veilles/{watch_id}", "manage")
       def show_watch(call: AreaCall) -> Reply:
           \"\"\"Show a watch.\"\"\"

   The path is what follows ``/espace/``, of three parts at most. The door has looked at the session, at whether the
   client still knows the person, at their right, and, for a form, at where it comes from and its seal: what the view
   reads of ``call.client`` is theirs. Ids of a path are those of anybody: ask a desk for them under ``call.client``.
2. A form holds ``{{ seal(area) }}``: without its seal it is refused.
3. ``template.yaml`` needs nothing: it lists the shapes of the area's addresses once (API Gateway gives each function
   20 KB of permissions, which is about fifty routes).
"""
