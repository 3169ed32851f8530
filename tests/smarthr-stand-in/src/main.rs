//! Serves the SmartHR stand-in until Ctrl-C. `SMARTHR_STAND_IN_PORT` (4010) says where, the other
//! settings are those of [`Options::from_environment`].

use smarthr_stand_in::{Options, SmartHr, serve};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let read = |name: &str| std::env::var(name).ok();
    let options = Options::from_environment(read)?;
    let port = match read("SMARTHR_STAND_IN_PORT") {
        Some(port) => port.parse()?,
        None => 4010,
    };
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("SmartHR stand-in: http://{}", listener.local_addr()?);
    tokio::select! {
        served = serve(listener, SmartHr::new(options)) => served?,
        stopped = tokio::signal::ctrl_c() => stopped?,
    }
    Ok(())
}
