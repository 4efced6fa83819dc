import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * Stands between the SDK and the emulator and keeps what comes back, because the SDK shows only what its types know. It
 * passes bytes, so requests arrive as they were sent and signatures hold.
 */
final class Recorder {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final URI target;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();

    Recorder(String target) throws IOException {
        this.target = URI.create(target);
        inBackground(this::accept);
    }

    /** 127.0.0.1:PORT */
    String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /** The body of the last answer; empty when it had none. */
    String body() {
        synchronized (received) {
            String text = received.toString(StandardCharsets.UTF_8);
            int head = text.lastIndexOf("HTTP/1.1 ");
            int end = text.indexOf("\r\n\r\n", Math.max(head, 0));
            return end < 0 ? "" : text.substring(end + 4);
        }
    }

    void forget() {
        synchronized (received) {
            received.reset();
        }
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = server.accept();
            Socket emulator = new Socket(target.getHost(), target.getPort());
            inBackground(() -> pass(client.getInputStream(), emulator.getOutputStream(), false));
            inBackground(() -> pass(emulator.getInputStream(), client.getOutputStream(), true));
        }
    }

    private void pass(InputStream from, OutputStream to, boolean kept) throws IOException {
        byte[] buffer = new byte[65_536];
        for (int length = from.read(buffer); length >= 0; length = from.read(buffer)) {
            if (kept) {
                synchronized (received) {
                    received.write(buffer, 0, length);
                }
            }
            to.write(buffer, 0, length);
            to.flush();
        }
        to.close();
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void inBackground(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException closed) {
                // either side has closed the connection: its end
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
