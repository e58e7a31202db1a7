def test_pages(district):
    for login in ("window","super","admin",""):
        b=district.client(login)
        for p in ("/board","/admin/","/admin/roles","/admin/areas","/admin/areas?town=330212110000","/admin/areas/330212110000","/admin/holidays","/admin/holidays?year=2027","/admin/standards","/admin/editions","/admin/sessions","/admin/health","/admin/mail","/admin/people/1","/public/","/public/progress","/public/standards","/public/calculator","/public/notices","/public/complaints"):
            r=b.get(p)
            print(login,p,r.status_code, len(r.text))
            assert r.status_code in (200,403,302), r.text
