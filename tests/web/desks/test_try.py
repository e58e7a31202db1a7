import re
def test_all(desks):
    n=desks.numbers
    paths=["/","/households","/households/1","/households/new","/reviews","/reviews?month=2016-10","/reviews?month=2016-11","/reviews?month=2017-09","/notices","/notices?state=down","/notices?state=to_post","/board","/board?area="+"330212101000","/payments",f"/payments/{n['list']}","/inbox",f"/cases/{n['to_post']}/poster",f"/cases/{n['to_post']}/poster.pdf","/notices/1/poster","/notices/1/poster.pdf"]
    for login in ("window_clerk1","supervisor1","finance_officer1","town_reviewer2"):
        b=desks.browser(login)
        for p in paths:
            r=b.get(p); print(login,p,r.status_code,len(r.data), r.headers["Content-Type"])
            assert r.status_code in (200,403,404), r.text
        for name,num in n.items():
            r=b.get("/cases/"+num); print(name,num,r.status_code)
            for u in re.findall(r'href="(/cases/[^"]*/letters/[^"]*)"', r.text):
                for x in (u,u+".pdf"):
                    q=b.get(x); print("   ",x,q.status_code,q.headers["Content-Type"], "" if q.status_code==200 else re.search('lead">(.*?)<',q.text)[1])
