// The viewer's choice of light or dark, before anything is painted; without one, that of the system.
(() => {
    const apply = choice => {
        document.documentElement.dataset.theme = choice ?? 'system';
        for (const sheet of document.querySelectorAll('link[data-theme]'))
            sheet.media = choice ? (sheet.dataset.theme === choice ? 'all' : 'not all') : `(prefers-color-scheme: ${sheet.dataset.theme})`;
    };
    const read = () => { try { return localStorage.getItem('theme'); } catch { return null; } };
    window.theme = {
        current: () => read() ?? 'system',
        choose: choice => {
            try { choice === 'system' ? localStorage.removeItem('theme') : localStorage.setItem('theme', choice); } catch { /* not kept */ }
            apply(choice === 'system' ? null : choice);
        },
    };
    apply(read());
})();
