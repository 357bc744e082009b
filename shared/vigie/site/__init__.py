"""What answers the site: pages by concern, and the door that every request passes.

To add a page:

1. Write its view in the module of its concern (``reading``, ``acting``, …), or in a new one named in ``table``::

       pages = Pages()

       @pages.get("/digest/{token}", "digest")
       def show_digest(call: Call) -> Reply:
           \"\"\"Show the digest of the link.\"\"\"

   The door has opened the token before the view runs: ``call.visit`` is who holds a link of that purpose, and for
   which client. A view shows (GET) or does something (POST): a GET never changes anything, because mail scanners
   and previews follow every link of a mail. After a POST the browser is sent to a page to read.
2. Name its path in ``template.yaml``, under ``Api``, each method for itself; a test compares the two.
3. Its sentences go into ``adapters/web/catalogues``, its layout into ``adapters/web/templates``.
"""
