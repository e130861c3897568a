fn routes() -> Routes<()> {
    ::auth_api_key::__private::list(|| {
        #[allow(unused_imports)]
        use ::auth_api_key::__private::NoController as _;
        #[allow(long_running_const_eval)]
        let mut __list = ::auth_api_key::__private::List::<
            _,
            {
                use ::auth_api_key::__private::{
                    ListCheck as __ListCheck, RouteInfo as __RouteInfo, info as __info,
                    infos as __infos, total as __total,
                    total_of_paths as __total_of_paths,
                };
                const __NAMES: &[&[__RouteInfo]] = &[
                    __info(my_service),
                    #[cfg(debug_assertions)]
                    __info(shop::orders),
                    __infos(Shop::__A_TYPE_HAS_ONE_CONTROLLER),
                ];
                const __ROUTES: &__ListCheck<
                    { __NAMES.len() },
                    { __total(__NAMES) },
                    { __total_of_paths(__NAMES) },
                > = &__ListCheck::new(__NAMES);
                let __at = 0;
                let __at = __ROUTES.check(__at);
                #[cfg(debug_assertions)]
                let __at = __ROUTES.check(__at);
                let __at = __ROUTES.check(__at);
                __at
            },
        >::empty();
        __list
            .route({
                let __named = &__list;
                __named.named(my_service)
            });
        #[cfg(debug_assertions)]
        __list
            .route({
                let __named = &__list;
                __named.named(shop::orders)
            });
        __list.controller(Shop::__A_TYPE_HAS_ONE_CONTROLLER);
        __list.done()
    })
}
