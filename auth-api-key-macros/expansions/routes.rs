fn routes() -> Routes {
    {
        #[allow(long_running_const_eval)]
        let __list = ::auth_api_key::__private::List::<
            _,
            {
                use ::auth_api_key::__private::{Infos as __Infos, info as __info};
                const __ROUTES: __Infos<2usize> = __Infos::new([
                    __info(my_service),
                    __info(shop::orders),
                ]);
                __ROUTES.check(0usize);
                __ROUTES.check(1usize);
                2usize
            },
        >::empty();
        __list.route(my_service).route(shop::orders).done()
    }
}
