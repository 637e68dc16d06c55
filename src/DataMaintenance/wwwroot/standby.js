// Keeps the page of an instance that stands by live; once it leads, the page becomes the dashboard.
(() => {
    const set = (id, text) => { const part = document.getElementById(id); if (part.textContent !== text) part.textContent = text; };
    const instant = text => text ? `${text.replace('T', ' ').replace(/(\.\d+)?Z$/, '')} UTC` : 'not known';
    const facts = pairs => {
        const list = document.getElementById('facts');
        const text = JSON.stringify(pairs);
        if (list.dataset.shown === text) return;
        list.dataset.shown = text;
        list.replaceChildren(...pairs.flatMap(([name, value, good]) => {
            const term = Object.assign(document.createElement('dt'), { textContent: name });
            const said = Object.assign(document.createElement('dd'), { textContent: value });
            if (!good) said.className = 'late';
            return [term, said];
        }));
    };
    const lead = leader => {
        const place = document.getElementById('leader-link');
        place.hidden = !leader?.url;
        if (!leader?.url) return;
        const link = place.firstElementChild;
        link.href = new URL(location.pathname + location.search, leader.url).href;
        const text = `Open the leader's pages at ${leader.url}`;
        if (link.textContent !== text) link.textContent = text;
    };
    const show = health => {
        const leader = health.leader;
        document.getElementById('banner').className = `banner banner-${health.status === 'healthy' ? leader ? 'waiting' : 'working' : 'notready'}`;
        const away = health.timescaledb !== 'connected';
        set('sentence', away ? 'Nobody knows who leads: the store does not answer' : leader ? `${leader.holder} leads since ${instant(leader.since)}` : 'Nobody leads at the moment');
        set('advice', away ? 'Bring the store back: an instance takes the lead within seconds then. Readers keep what is in Redis.' : leader
            ? leader.url ? 'Whether it is ready, runs and findings are on its pages. Here nothing runs and nothing is written.' : 'It has told no address: set Api:PublicUrl on it, or open its pages by its own name.'
            : 'This instance takes the lead as soon as the store lets it, within seconds.');
        lead(leader);
        facts([
            ['Store', away ? health.timescaledb : `${health.timescaledb}: ${health.store}`, !away],
            ['Redis', health.redis, !health.redis.startsWith('disconnected')],
            ['Newest session with an ended run', health.last_maintenance ?? (away ? 'not known' : 'none yet'), true],
            ['Run in progress on the leader', away ? 'not known' : health.run_in_progress === null ? 'none' : `run ${health.run_in_progress}`, true],
            ['Epoch', String(health.epoch), true],
            ['Instance', `${health.instance}, version ${health.version}`, true],
            ['Clock', health.clock, health.clock === 'real'],
        ]);
        set('asked', new Date().toLocaleTimeString());
    };
    const ask = async () => {
        try {
            const health = await (await fetch('/health', { cache: 'no-store' })).json();
            if (health.role === 'leader') return location.reload();
            if (health.role === 'standby') show(health);
        } catch {
            document.getElementById('banner').className = 'banner banner-unknown';
            set('sentence', 'This instance does not answer');
            set('advice', 'Asked again every second. If it was stopped, start it again; the leader goes on without it.');
        }
        setTimeout(ask, 1000);
    };
    ask();
})();
