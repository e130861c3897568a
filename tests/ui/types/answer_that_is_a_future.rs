use auth_api_key::{extract::AnswerLayer, rejection::Cause};

fn main() {
    let _ = AnswerLayer::new(|request, cause, answer| async move {
        //~^ 13
        if let Cause::Refused(rejection) = cause {
            println!("{}: {:?}", request.uri.path(), rejection.reason());
        }
        answer
    });
    let _ = AnswerLayer::new(async |_, _, answer| answer);
    //~^ 13
}
