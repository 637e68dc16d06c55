// What the pages need of the browser: its time zone, and calls to the HTTP API with the viewer's key.
(() => {
    const keyName = 'api-key', viewerName = 'viewer-name';
    const kept = () => { try { return localStorage.getItem(viewerName) ?? ''; } catch { return ''; } };
    window.dashboard = {
        zone: () => ({ name: Intl.DateTimeFormat().resolvedOptions().timeZone, offsetMinutes: -new Date().getTimezoneOffset() }),
        saveKey: key => key ? sessionStorage.setItem(keyName, key) : sessionStorage.removeItem(keyName),
        viewerName: kept,
        saveViewerName: name => { try { localStorage.setItem(viewerName, name); } catch { /* asked again next time */ } },
        post: async (path, body) => {
            const headers = {};
            const key = sessionStorage.getItem(keyName);
            if (key) headers['X-Api-Key'] = key;
            if (body) headers['Content-Type'] = 'application/json';
            try {
                const answer = await fetch(path, { method: 'POST', headers, body: body ?? undefined });
                return { status: answer.status, text: await answer.text() };
            } catch {
                return { status: 0, text: '' };
            }
        },
    };
})();
