//! Forwards connections of containers to this machine's stand-ins, which listen on 127.0.0.1 only.

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};

/// Forwards `host:port` to `127.0.0.1:port` until the runtime ends.
pub(crate) async fn open(host: &str, port: u16) {
    let listener = TcpListener::bind((host, port)).await.unwrap();
    tokio::spawn(async move {
        while let Ok((mut inside, _)) = listener.accept().await {
            tokio::spawn(async move {
                // The caller notices a broken connection.
                if let Ok(mut outside) = TcpStream::connect(("127.0.0.1", port)).await {
                    _ = copy_bidirectional(&mut inside, &mut outside).await;
                }
            });
        }
    });
}
