//! When the operating system asks the process to end.

use std::future::poll_fn;
use std::io;
use std::task::{Context, Poll};

use tokio::sync::watch;

/// The wishes of the operating system that the process should end: Ctrl-C, and on Unix SIGTERM. Cloning gives another
/// handle on the same.
///
/// From the moment of [`Signals::listen`] on, such a signal no longer ends the process by itself, so somebody has to
/// wait for [`Signals::first`] and [`Signals::second`].
#[derive(Debug, Clone)]
pub struct Signals {
    count: watch::Receiver<u32>,
}

impl Signals {
    /// Takes the signals from now on. Needs a Tokio runtime with I/O.
    ///
    /// # Errors
    /// When the operating system refuses.
    pub fn listen() -> io::Result<Self> {
        let (sender, count) = watch::channel(0_u32);
        let mut arrivals = Arrivals::new()?;
        drop(tokio::spawn(async move {
            while poll_fn(|context| arrivals.poll(context)).await.is_some() {
                sender.send_modify(|count| *count = count.saturating_add(1));
            }
        }));
        Ok(Self { count })
    }

    /// Ready once the process was asked to end.
    pub fn first(&self) -> impl Future<Output = ()> + Send + 'static {
        self.wait(1)
    }

    /// Ready once the process was asked twice: whoever asks again does not want to wait.
    pub fn second(&self) -> impl Future<Output = ()> + Send + 'static {
        self.wait(2)
    }

    fn wait(&self, signals: u32) -> impl Future<Output = ()> + Send + 'static {
        let mut count = self.count.clone();
        async move {
            // It fails when nothing can arrive any more; then there is nothing to be ready for.
            if count.wait_for(|count| *count >= signals).await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }
}

/// Ready once the process is asked to end, by Ctrl-C or on Unix by SIGTERM.
///
/// Where the operating system refuses to tell, it is never ready, and the process ends at once when it is asked to.
pub async fn until_signal() {
    match Signals::listen() {
        Ok(signals) => signals.first().await,
        Err(error) => {
            tracing::error!(%error, "signals of the operating system are not told");
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(unix)]
struct Arrivals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Arrivals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<()>> {
        match self.interrupt.poll_recv(context) {
            Poll::Pending => self.terminate.poll_recv(context),
            arrived @ Poll::Ready(_) => arrived,
        }
    }
}

#[cfg(windows)]
struct Arrivals {
    interrupt: tokio::signal::windows::CtrlC,
    close: tokio::signal::windows::CtrlClose,
    shutdown: tokio::signal::windows::CtrlShutdown,
}

#[cfg(windows)]
impl Arrivals {
    fn new() -> io::Result<Self> {
        use tokio::signal::windows::{ctrl_c, ctrl_close, ctrl_shutdown};
        Ok(Self { interrupt: ctrl_c()?, close: ctrl_close()?, shutdown: ctrl_shutdown()? })
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<()>> {
        if let arrived @ Poll::Ready(_) = self.interrupt.poll_recv(context) {
            return arrived;
        }
        match self.close.poll_recv(context) {
            Poll::Pending => self.shutdown.poll_recv(context),
            arrived @ Poll::Ready(_) => arrived,
        }
    }
}
