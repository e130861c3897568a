fn routes() -> Routes {
    {
        #[allow(long_running_const_eval)]
        let __list = ::auth_api_key::__private::List::<
            _,
            {
                use ::auth_api_key::__private::{
                    Infos as __Infos, RouteInfo as __RouteInfo, info as __info,
                    infos as __infos, total as __total,
                };
                const __NAMES: [&[__RouteInfo]; 2usize] = [
                    __info(my_service),
                    __info(shop::orders),
                ];
                const __ROUTES: __Infos<2usize, { __total(&__NAMES) }> = __Infos::new(
                    __NAMES,
                );
                __ROUTES.check(0usize);
                __ROUTES.check(1usize);
                2usize
            },
        >::empty();
        __list.route(my_service).route(shop::orders).done()
    }
}
