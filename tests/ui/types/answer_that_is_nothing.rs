// axum makes 200 of `()`: a refusal would be an admission.

use auth_api_key::extract::AnswerLayer;

fn main() {
    let _ = AnswerLayer::new(|_, _, mut answer| {
        //~^ 13
        answer.headers_mut().clear();
    });
}
