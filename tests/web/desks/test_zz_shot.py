import threading
import pytest
from werkzeug.serving import make_server
from tests.parts.browser import AXE
from tests.web.conftest import PASSWORD
from workflow import tasks
from workflow.desk import asking
from workflow.desk.substitutions import substitute
from tests.web.desks.test_screens import address, RULES
from datetime import date
from workflow.roles import *

def doing(d, verb, *a, **k):
    with d.database.acting() as conn:
        return verb(d.office, conn, *a, now=d.now, **k)

def test_shots(desks, address, browser):
    late = desks.id("late"); 
    rev = desks.staff("town_reviewer", 1); win=desks.staff("window_clerk",1)
    ts=[t for t in desks.tasks(late) if t.role=="town_reviewer"]
    doing(desks, tasks.claim, ts[0].id, actor=rev)
    doing(desks, asking.ask, late, to=win.id, words="户口簿是原件吗？", actor=rev)
    doing(desks, asking.ask, late, to=rev.id, words="什么时候能入户？", actor=win)
    doing(desks, asking.send_copy, late, to=[rev.id], words="请知悉", actor=win)
    doing(desks, substitute, principal=desks.staff("town_reviewer",2).id, stand_in=rev.id, from_date=desks.today, to_date=date(2016,11,4), reason="休假一周", actor=desks.staff("town_reviewer",2))
    ids=[t.id for n in ("late","posted") for t in desks.tasks(desks.id(n))]
    wrong=[]
    def go(login, steps):
        ctx=browser.new_context(viewport={"width":1280,"height":800}); page=ctx.new_page(); page.add_init_script(path=AXE)
        page.goto(f"{address}/sign-in"); page.fill("#login",login); page.fill("#password",PASSWORD); page.click("main button.primary"); page.wait_for_url(f"{address}/")
        for name, path in steps:
            if callable(path): path(page)
            else: page.goto(address+path)
            for w in (1280,360):
                page.set_viewport_size({"width":w,"height":800})
                page.wait_for_timeout(100)
                page.screenshot(path=f"/tmp/shots/{name}-{w}.png", full_page=True)
                for f in page.evaluate(RULES)["violations"]:
                    wrong.append((name,w,f["id"],[n["html"][:150] for n in f["nodes"]][:2]))
                if page.evaluate("document.documentElement.scrollWidth")>w: wrong.append((name,w,"wide"))
            page.set_viewport_size({"width":1280,"height":800})
        ctx.close()
    no=desks.numbers["late"]
    def preview(page):
        page.goto(address+"/")
        for box in page.query_selector_all("input[name=task]")[:5]: box.check()
        page.select_option("#f-verb","claim"); page.fill("#f-reason","集中签收"); page.click("form#bulk button")
    def do(page): page.click("form.acts button.primary")
    go("town_reviewer1",[("list","/"),("case",f"/cases/{no}"),("delegate",f"/cases/{no}/tasks/{ts[0].id}/delegate"),("talk","/talk"),("away","/away"),("copy",f"/cases/{no}/copy"),("question",f"/cases/{no}/question"),("recuse",f"/cases/{no}/keep-out"),("preview",preview),("batch",do)])
    go("supervisor1",[("leaver",f"/bulk/leaver?who={rev.id}"),("away-boss","/away"),("urge",f"/cases/{no}/tasks/{ts[0].id}/urge"),("board","/board"),("late","/bulk/leaver?who=late")])
    go("administrator1",[("admin","/admin/stand-ins")])
    import json; __import__("pathlib").Path("/tmp/shots/wrong.txt").write_text("\n".join(map(str,wrong)))
