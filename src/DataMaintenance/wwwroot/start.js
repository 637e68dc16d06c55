// Starts the live connection; when it is lost, says so, and comes back by itself, also after the service was restarted.
(() => {
    const notice = document.getElementById('connection-notice');
    // A process that starts or changes its role lives and has no pages: only one that leads or stands by does.
    const answers = async () => {
        try { return ['leader', 'standby'].includes((await (await fetch('/health', { cache: 'no-store' })).json()).role); } catch { return false; }
    };
    const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));
    let lost = false;
    const comeBack = async () => {
        while (lost) {
            await pause(1000);
            if (!await answers()) continue;
            try {
                if (await Blazor.reconnect()) return;
            } catch { /* the service is another one now */ }
            location.reload();
            return;
        }
    };
    Blazor.start({
        circuit: {
            reconnectionHandler: {
                onConnectionDown: () => {
                    if (lost) return;
                    lost = true;
                    notice.querySelector('[data-since]').textContent = new Date().toLocaleTimeString();
                    notice.hidden = false;
                    comeBack();
                },
                onConnectionUp: () => {
                    lost = false;
                    notice.hidden = true;
                },
            },
        },
    });
})();
